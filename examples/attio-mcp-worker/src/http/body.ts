/**
 * The request with its whole body read, or undefined where that is larger than `maxBytes`. What a
 * client says about the length is not believed beyond what it is good for: an early refusal.
 */
export async function withLimitedBody(request: Request, maxBytes: number): Promise<Request | undefined> {
  if (request.body === null) return request;
  if (Number(request.headers.get('Content-Length') ?? 0) > maxBytes) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  const { method, headers } = request;
  return new Request(request.url, { method, headers, body: joined(chunks, size) });
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
