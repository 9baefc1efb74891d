import type { Plain } from '../../engine/values.ts';
import { rawRules, configOf, type Tunnel } from './tunnels.ts';

/** A live tunnel as `tunnel list` shows it. */
export type TunnelRow = {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  /** The rules as they are live, the last one too. `origin` has the API's words. */
  readonly ingress: readonly Plain[];
};

export function tunnelRow(tunnel: Tunnel): TunnelRow {
  const { id, name, status = 'unknown' } = tunnel;
  const ingress = rawRules(configOf(tunnel)).map(({ hostname, path, service, originRequest }) =>
    Object.fromEntries(Object.entries({ hostname, path, service, origin: originRequest }).filter(([, value]) => !isEmpty(value))),
  );
  return { id, name, status, ingress };
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
