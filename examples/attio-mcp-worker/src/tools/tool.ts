import type { CallToolResult, McpServer, StandardSchemaWithJSON, ToolAnnotations } from '@modelcontextprotocol/server';
import type * as z from 'zod';
import type { Attio } from '../attio/client.ts';
import { AttioError } from '../attio/errors.ts';

export type ToolSpec<Input extends z.ZodObject, Output extends z.ZodObject> = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  readonly annotations: ToolAnnotations;
  /** Throws an `AttioError`, whose message the model gets to see. */
  run(attio: Attio, args: z.infer<Input>): Promise<z.infer<Output>>;
};

/** A tool that knows how to offer itself: tools with different arguments stand in one list. */
export type Tool = { readonly name: string; register(server: McpServer, attio: Attio): void };

export const defineTool = <Input extends z.ZodObject, Output extends z.ZodObject>(spec: ToolSpec<Input, Output>): Tool => {
  const { name, title, description, annotations } = spec;
  const config = {
    title,
    description,
    annotations,
    inputSchema: convertedOnce(spec.input),
    outputSchema: convertedOnce(spec.output),
  };
  return {
    name,
    register: (server, attio) => {
      // The library has checked the arguments against the schema by then; its types cannot say so for one that is a type parameter.
      server.registerTool(name, config, (args: unknown) => answer(() => spec.run(attio, args as z.infer<Input>)));
    },
  };
};

/** The schema, with its JSON form made at its first use: the library wants it for every server, and each request has its own. */
function convertedOnce(schema: z.ZodObject): StandardSchemaWithJSON {
  const { jsonSchema, ...standard } = schema['~standard'];
  const made = new Map<string, Record<string, unknown>>();
  const once = (side: 'input' | 'output') => (options: Parameters<typeof jsonSchema.input>[0]) => {
    const known = made.get(side) ?? jsonSchema[side](options);
    made.set(side, known);
    return known;
  };
  return { '~standard': { ...standard, jsonSchema: { input: once('input'), output: once('output') } } };
}

async function answer(run: () => Promise<Record<string, unknown>>): Promise<CallToolResult> {
  try {
    const result = await run();
    return { content: [{ type: 'text', text: JSON.stringify(result) }], structuredContent: result };
  } catch (error) {
    if (!(error instanceof AttioError)) throw error;
    return { content: [{ type: 'text', text: `Error: ${error.message}` }], isError: true };
  }
}

/** Only looks. */
export const reads = { readOnlyHint: true, openWorldHint: true } as const satisfies ToolAnnotations;
