import * as z from 'zod';

/** What a grant carries, encrypted under the client's token: only the name of the Attio token's record. */
const sessionSchema = z.object({ record: z.string() });
export type Session = z.infer<typeof sessionSchema>;

export const recordIn = (props: unknown): string | undefined => sessionSchema.safeParse(props).data?.record;
