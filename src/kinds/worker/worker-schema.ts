import * as z from 'zod/mini';
import { described, name, wholeNumber } from '../document/fragments.ts';
import { secretRef } from '../mcp/server-schema.ts';

const bindingName = () =>
  z.string().check(z.regex(/^[A-Za-z_$][\w$]*$/, 'a binding has the name of a variable: letters, digits and _'));

/** Bindings by name. Only those that are named are touched; `null` takes one away. */
const bindings = <T extends z.ZodMiniType>(binding: T, description: string) =>
  described(z.optional(z.record(bindingName(), binding)), `${description} Others stay as they are; null takes one away.`);

const rateLimit = () =>
  z.strictObject({
    limit: described(wholeNumber(1, 1_000_000_000), 'Calls per period.'),
    period: described(z.literal([10, 60], 'a period is 10 or 60 seconds'), 'Seconds: 10 or 60.'),
    namespace_id: described(
      z.optional(z.string().check(z.regex(/^[1-9]\d{0,9}$/, 'a whole number in quotes'))),
      'Limiters with the same one count together. Made from the names when it is left out.',
    ),
  });

const share = () => z.optional(z.number().check(z.minimum(0), z.maximum(1)));
const flag = () => z.optional(z.boolean());

const observability = () =>
  z.union([
    z.boolean(),
    z.strictObject({
      enabled: flag(),
      head_sampling_rate: share(),
      logs: z.optional(
        z.strictObject({ enabled: flag(), head_sampling_rate: share(), invocation_logs: flag(), persist: flag() }),
      ),
      traces: z.optional(z.strictObject({ enabled: flag(), head_sampling_rate: share(), persist: flag() })),
    }),
  ]);

const hostname = () => z.string().check(z.regex(/^(?=.*\.)[^\s/:*]+$/, 'a hostname is needed, such as api.example.com'));
const pattern = () =>
  z.string().check(z.regex(/^(https?:\/\/)?\*?[^\s/:*]*\.[^\s/:*]+(\/\S*)?$/, 'a pattern is needed, such as example.com/api/*'));

export const workerSchema = () =>
  z.strictObject({
    name: described(z.optional(name()), "The script's name. Defaults to the key."),
    main: described(
      z.optional(z.string().check(z.minLength(1))),
      'File of the code, relative to this document. TypeScript, and what imports other files or packages, is bundled with esbuild. Left out: the code is deployed by something else.',
    ),
    compatibility_date: z.optional(z.string().check(z.regex(/^\d{4}-\d\d-\d\d$/, 'a date is needed, such as 2026-11-01'))),
    compatibility_flags: z.nullish(z.array(z.string().check(z.minLength(1)))),
    vars: bindings(z.unknown(), 'Plain variables: text, or any JSON value.'),
    secrets: bindings(
      z.nullable(secretRef()),
      'Where each secret is: env:NAME, file:PATH, cmd:COMMAND, or -. Sent when it is new, or with --resend-secrets.',
    ),
    kv: bindings(z.nullable(z.string().check(z.minLength(1))), 'KV namespaces: keys in kv_namespaces, or ids.'),
    rate_limits: bindings(z.nullable(rateLimit()), 'Rate limiters.'),
    services: bindings(z.nullable(z.string().check(z.minLength(1))), 'Other Workers: keys in workers, or names.'),
    observability: described(z.optional(observability()), 'Logs and traces; true is short for { enabled: true }.'),
    routes: z.optional(
      z.strictObject({
        workers_dev: described(flag(), "Reachable on the account's workers.dev subdomain."),
        custom_domains: described(
          z.nullish(z.array(hostname())),
          'Hostnames that are wholly this Worker. Cloudflare makes their DNS records and certificates.',
        ),
        patterns: described(z.nullish(z.array(pattern())), 'Routes, in the zone of their hostname.'),
      }),
    ),
  });
