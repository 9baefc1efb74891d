/** Who has reached a portal: a bot with its service token, or a person who signed in. */
export type Identity =
  | { readonly is: 'token'; readonly tokenId: string; readonly address: string }
  | { readonly is: 'person'; readonly email: string; readonly address: string };
