import { homePath } from '../home-path.ts';
import { variablesIn } from './dotenv-text.ts';
import { parseSink } from './parse-sink.ts';
import type { SinkPlace } from './sink.ts';

/** Whether a `dotenv:` sink has a value for a variable, which writing would replace. False for every other sink. */
export async function holdsVariable(spec: string, name: string, place: SinkPlace): Promise<boolean> {
  const parsed = parseSink(spec);
  if (!parsed.ok || parsed.sink.to !== 'dotenv') return false;
  const path = homePath(parsed.sink.path, place);
  if (!(await place.world.files.exists(path))) return false;
  return (variablesIn(await place.world.files.read(path)).get(name) ?? '') !== '';
}
