import { UsageError } from '../lib/errors.ts';

/** Larger than any document that Cloudflare's limits allow. */
const most = 1024 * 1024;

/** Refuses a document that nobody wrote, before anything reads it. */
export function assertDocumentSize(document: string): void {
  if (document.length <= most) return;
  throw new UsageError(`the document has ${document.length} characters, and 1,048,576 are the most`, {
    code: 'document_too_large',
    hint: 'Keep it in a file below the root and give file, or send only what is needed.',
  });
}
