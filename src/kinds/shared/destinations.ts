import { isPlain, type Plain } from '../../engine/values.ts';
import type { App } from './app.ts';

/**
 * `domain`, `destinations` and `self_hosted_domains` are derived from each other (Q33): only `domain`
 * is sent, unless others put further hostnames in front of the same application.
 */
export function furtherDestinations(app: App, domain: string): Plain {
  const destinations = Array.isArray(app['destinations']) ? app['destinations'].filter(isPlain) : [];
  if (destinations.length < 2) return {};
  const moved = destinations.map((destination) => (destination['uri'] === app.domain ? { ...destination, uri: domain } : destination));
  return { destinations: moved };
}
