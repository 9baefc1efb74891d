/*
 * Secrets that can be told by their looks: what their issuers put into them so that they are found when
 * they stand in a wrong place. Each needs enough behind its prefix that no ordinary word matches.
 */
const shapes = [
  'gh[pousr]_[A-Za-z0-9]{16,}',
  'github_pat_\\w{20,}',
  'glpat-[\\w-]{16,}',
  'xox[a-z]-[\\w-]{10,}',
  'xapp-\\d-[\\w-]{10,}',
  '(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])',
  'sk-[\\w-]{0,40}?[A-Za-z0-9]{16}[\\w-]*',
  '[rs]k_(?:live|test)_\\w{10,}',
  'whsec_[A-Za-z0-9+/]{16,}',
  'AIza[\\w-]{30,}',
  'ya29\\.[\\w-]{20,}',
  'GOCSPX-[\\w-]{20,}',
  'npm_[A-Za-z0-9]{30,}',
  'pypi-[\\w-]{40,}',
  'hf_[A-Za-z0-9]{30,}',
  'dckr_pat_[\\w-]{20,}',
  'SG\\.[\\w-]{16,}\\.[\\w-]{16,}',
  '(?:ntn|secret|lin_api)_[A-Za-z0-9]{32,}',
  'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}',
  'ATATT3[\\w=-]{20,}',
  // Cloudflare's own, since their secrets can be told from other text.
  'cf[a-z]{1,4}_[\\w-]{30,}',
  // A JSON Web Token: two parts that are JSON in base64, and a signature.
  'eyJ[\\w-]{8,}\\.eyJ[\\w-]{8,}(?:\\.[\\w-]*)?',
  '-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----',
  '[Bb]earer\\s{1,5}(?=[^\\s"\']{0,200}\\d)[\\w.~+/-]{16,}=*',
  '[Bb]asic\\s{1,5}[A-Za-z0-9+/]{12,}={1,2}',
  '(?:[Tt]oken|[Ss]ecret|[Pp]assword|[Aa]pi[-_]?[Kk]ey)["\']?\\s{0,5}[:=]\\s{0,5}["\']?[0-9a-fA-F]{32,}',
];

const shape = new RegExp(`(?<![A-Za-z0-9])(?:${shapes.join('|')})`);
const everyShape = new RegExp(shape, 'g');

/** Whether a text holds what surely is a secret, whatever stands around it. */
export const holdsToken = (text: string): boolean => text.length >= 16 && shape.test(text);

/** The text with each such secret blotted out. */
export const withoutTokens = (text: string): string => (holdsToken(text) ? text.replace(everyShape, '…') : text);
