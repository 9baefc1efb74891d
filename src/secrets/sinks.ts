import { UsageError, UserError } from '../lib/errors.ts';
import { homePath } from './home-path.ts';
import { commandSink } from './sinks/command.ts';
import { dotenvSink } from './sinks/dotenv.ts';
import { githubSink } from './sinks/github.ts';
import { jsonFileSink } from './sinks/json-file.ts';
import { parseSink } from './sinks/parse-sink.ts';
import { secretLine, type Sink, type SinkPlace } from './sinks/sink.ts';

/** The sink that a text such as `dotenv:.env` stands for. Touches nothing; throws a `UsageError` when it stands for none. */
export async function openSink(spec: string, place: SinkPlace): Promise<Sink> {
  const parsed = parseSink(spec);
  if (!parsed.ok) throw new UsageError(parsed.error, { code: 'secret_sink' });
  const { sink } = parsed;
  switch (sink.to) {
    case 'stdout':
      return { spec, prove: async () => {}, write: async (secret) => toStdout(secretLine(secret), place) };
    case 'file':
      return jsonFileSink({ ...place, spec, path: homePath(sink.path, place) });
    case 'dotenv':
      return dotenvSink({ ...place, spec, path: homePath(sink.path, place) });
    case 'github':
      return githubSink({ ...place, spec, repo: sink.repo });
    case 'cmd':
      return commandSink({ ...place, spec, command: sink.command });
  }
}

/** A secret that nobody reads is lost, so it has to fail here. */
async function toStdout(line: string, { world }: SinkPlace): Promise<void> {
  if (!world.stdout.write(line)) throw new UserError('standard output is closed', { code: 'sink_failed' });
}

/** All sinks of a secret, each once, proved writable. Throws the first one's `UnsafePlanError`. */
export async function openSinks(specs: readonly string[], place: SinkPlace): Promise<readonly Sink[]> {
  const sinks = await Promise.all([...new Set(specs)].map((spec) => openSink(spec, place)));
  await Promise.all(sinks.map((sink) => sink.prove()));
  return sinks;
}
