import { UnsafePlanError } from '../lib/errors.ts';
import type { Obstacle } from './kind.ts';

/** Throws an `UnsafePlanError` with every reason at once, where there is any. */
export function refuse(obstacles: readonly Obstacle[]): void {
  if (obstacles.length === 0) return;
  const hints = [...new Set(obstacles.map((obstacle) => obstacle.hint).filter((hint) => hint !== undefined))];
  const messages = [...new Set(obstacles.map((obstacle) => obstacle.message))];
  throw new UnsafePlanError(messages.join('\n'), { code: 'conflict', hint: hints.join('; ') || undefined });
}
