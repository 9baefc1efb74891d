import type { Finding, Place } from '../../engine/kind.ts';

type Parts = { readonly code: string; readonly message: string; readonly place: Place; readonly hint?: string };

export const mistake = (parts: Parts): Finding => ({ severity: 'error', ...parts });
export const warning = (parts: Parts): Finding => ({ severity: 'warning', ...parts });
