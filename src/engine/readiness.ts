/** Whether a live object is usable yet. */
export type Readiness =
  | { readonly is: 'ready' }
  | { readonly is: 'waiting'; readonly why: string }
  | { readonly is: 'person'; readonly why: string; readonly next: string }
  | { readonly is: 'failed'; readonly why: string; readonly retryable: boolean };
