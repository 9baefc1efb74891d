import { neutral } from '../render/value.ts';
import type { World } from '../world.ts';

/** What a run is doing right now, shown on a terminal and gone when it is done. */
export type Progress = { step(text: string): void; done(): void };

const silent: Progress = { step: () => {}, done: () => {} };

/**
 * A spinner on standard error. Only where somebody watches: with `--quiet`, in CI and into a file
 * nothing is written. Ctrl-C stays a signal.
 */
export async function progress(
  world: Pick<World, 'env' | 'stderr'>,
  { quiet }: { readonly quiet: boolean },
  stream: NodeJS.WriteStream = process.stderr,
): Promise<Progress> {
  // A terminal without a width, as some containers give, would keep ora clearing lines for ever.
  const sized = stream.columns !== 0;
  const watched = sized && world.stderr.isTTY && stream.isTTY && world.env['TERM'] !== 'dumb' && (world.env['CI'] ?? '') === '';
  if (quiet || !watched) return silent;
  const { default: ora } = await import('ora');
  const color = (world.env['NO_COLOR'] ?? '') === '' ? 'cyan' : false;
  const spinner = ora({ stream, color, isEnabled: true, discardStdin: false });
  return {
    step: (text) => {
      spinner.text = neutral(text);
      if (!spinner.isSpinning) spinner.start();
    },
    done: () => {
      spinner.stop();
    },
  };
}
