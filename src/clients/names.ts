/** Every client that `client-config` knows, in the order of its lists. Apart from the table, so that the help can name them cheaply. */
export const clientNames = [
  'claude-desktop',
  'claude-code',
  'claude-ai',
  'cursor',
  'vscode',
  'windsurf',
  'zed',
  'chatgpt',
  'gemini-cli',
  'codex',
  'cline',
  'goose',
  'librechat',
  'copilot-cli',
  'mcp-remote',
  'inspector',
  'anthropic-api',
  'openai-responses',
  'playground',
] as const;

export type ClientName = (typeof clientNames)[number];
