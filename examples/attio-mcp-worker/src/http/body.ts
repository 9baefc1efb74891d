/**
 * The request as if it had come to `url`, with its whole body read; undefined where that is larger
 * than `maxBytes`. What a client says about the length is good for an early refusal and for nothing else.
 */
export async function received(
  request: Request,
  { url, maxBytes }: { readonly url: string; readonly maxBytes: number },
): Promise<Request | undefined> {
  const { method, headers, body } = request;
  if (body === null) return new Request(url, { method, headers });
  if (Number(headers.get('Content-Length') ?? 0) > maxBytes) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return new Request(url, { method, headers, body: new Blob(chunks) });
}
