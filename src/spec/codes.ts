/**
 * The codes of what can be wrong with a document's text and shape, and what each means. MCP001 to
 * MCP099 are lint rules; from MCP200 on the kinds have theirs.
 */
export const documentCodes = {
  MCP100: 'The file is not valid YAML.',
  MCP101: 'A key stands twice in the same map.',
  MCP102: 'A key that is not known in this place.',
  MCP103: 'A value of the wrong type.',
  MCP104: 'A required key is missing.',
  MCP105: 'A variable of ${VAR} is not set and has no default.',
  MCP106: 'A ${…} that cannot be read.',
  MCP107: 'An alias without its anchor, inside its own anchor, or that multiplies the document.',
  MCP108: 'The file as a whole is no document: empty, several documents, too large, not a map.',
  MCP109: 'A value that is not allowed here.',
  MCP110: 'A document version that this program does not read.',
  MCP111: 'A key that cannot be used: empty, or a YAML 1.1 merge key.',
} as const;

export type DocumentCode = keyof typeof documentCodes;
