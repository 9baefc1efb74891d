/**
 * Every code that a run can report, and what it means. Below MCP100 stands what works and seldom is
 * meant, from MCP090 on what is only worth knowing; MCP1xx is about a document's text and shape, MCP2xx
 * about what its parts say of each other.
 */
export const codes = {
  MCP001: 'A portal or server without a policy: nobody gets in.',
  MCP002: 'Service tokens get into a portal and do not see a server of it.',
  MCP003: 'A portal hostname two labels or more below its zone, which Universal SSL does not cover.',
  MCP004: 'CORS for every origin together with credentials, which browsers refuse.',
  MCP005: 'A record that points at cloudflareaccess.com, where no portal answers.',
  MCP006: 'An application of type self_hosted where a portal is meant.',
  MCP007: 'A server on workers.dev, where a Worker of the same account answers error 1042.',
  MCP008: 'A server behind http:// that is not on a private network.',
  MCP009: 'A server URL that ends in /sse, the deprecated transport.',
  MCP010: "A server URL that is a page of Cloudflare's and no MCP server.",
  MCP011: 'A policy that allows everyone who can log in.',
  MCP012: 'A policy that bypasses Access.',
  MCP013: 'A service token in a policy that is not service_auth, where it matches nothing.',
  MCP014: 'A policy that bypasses Access for everyone.',
  MCP015: 'A portal with more servers than Cloudflare allows.',
  MCP016: 'A parameter of a server URL that looks like a secret.',
  MCP017: 'A value that looks like a secret in clear. It is never shown.',
  MCP018: 'A tool whose name clients refuse: too long, or with other characters than the protocol allows.',
  MCP019: 'Settings for a tool or prompt that the server does not have.',
  MCP020: 'An alias in a portal that another tool has by the settings of its server.',
  MCP021: 'A tool or prompt that is new, gone or changed since the lock file was accepted.',
  MCP022: 'A pattern or preset for tools that finds nothing in the lock file.',
  MCP090: 'A server that waits for a person.',
  MCP091: 'A comment that silences nothing.',
  MCP092: 'A server, portal or service token that is frozen.',
  MCP100: 'The file is not valid YAML.',
  MCP101: 'A key stands twice in the same map.',
  MCP102: 'A key that is not known in this place.',
  MCP103: 'A value of the wrong type.',
  MCP104: 'A required key is missing.',
  MCP105: 'A variable of ${VAR} is not set and has no default.',
  MCP106: 'A ${…} that cannot be read.',
  MCP107: 'An alias without its anchor, inside its own anchor, or that multiplies the document.',
  MCP108: 'The file as a whole is no document: empty, several documents, too large, not a map.',
  MCP109: 'A value that is not allowed here, such as an alias that is not a name.',
  MCP110: 'A document version that this program does not read.',
  MCP111: 'A key that cannot be used: empty, or a YAML 1.1 merge key.',
  MCP201: 'A name that nothing in the document has.',
  MCP202: 'A mention of an entry that is to be absent.',
  MCP203: 'Groups that include each other in a circle.',
  MCP204: 'An id of a server or portal that Cloudflare does not take.',
  MCP205: 'A server on a private network with auth: oauth.',
  MCP206: 'An alias that another tool or prompt has in the same place.',
  MCP207: 'Service tokens on a portal that cannot reach it or a server of it, for want of policies.',
  MCP208: 'The name of a DNS record that is neither full nor beside a zone.',
  MCP209: 'One resource, declared twice with different fields.',
  MCP210: 'Two entries that mean the same object.',
  MCP211: 'A live service token whose secret is not in its sinks.',
  MCP212: 'A server whose address its tunnel or Worker does not give, or does not have.',
  MCP213: 'Tools or prompts that a plan makes visible in a portal.',
  MCP214: 'A pattern or preset for tools without a lock file that says which those are.',
  MCP215: 'A link that shows every new tool, beside a preset that is to keep them hidden.',
  MCP221: "A hostname that is a Worker's custom domain, and wanted by something else too.",
  MCP222: 'A file of code that cannot be read, does not compile, or is no Worker.',
} as const;

type Code = keyof typeof codes;

/** The codes of a document's text and shape. */
export type DocumentCode = Extract<Code, `MCP1${string}`>;

/** The codes that only a run with live state reports: `validate` cannot tell whether they are in use. */
export const planCodes: readonly string[] = [
  'MCP019',
  'MCP021',
  'MCP090',
  'MCP092',
  'MCP211',
  'MCP213',
] satisfies readonly Code[];
