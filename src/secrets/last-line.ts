const longest = 200;
/** Blotting out single letters would make nonsense of the sentence. */
const shortestSecret = 4;

/**
 * What a program's standard error says last, for an error message: one line without control
 * characters, with `secrets` blotted out, because some tools repeat what they were given.
 */
export function lastLine(stderr: string, secrets: readonly string[]): string {
  const masked = secrets
    .filter((secret) => secret.length >= shortestSecret)
    .reduce((text, secret) => text.replaceAll(secret, '(secret)'), stderr);
  const lines = masked.split(/\r?\n/).map((line) => line.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim());
  const line = lines.findLast((candidate) => candidate !== '') ?? '';
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
