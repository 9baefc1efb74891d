import { Secret } from './secret.ts';

/** A token as the `Authorization` header has it. */
export const bearerOf = (token: Secret): Secret => Secret.of(token.source, `Bearer ${token.reveal()}`);
