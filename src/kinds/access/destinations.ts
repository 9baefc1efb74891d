import { isPlain, type Plain } from '../../engine/values.ts';
import { canonicalDomain, domainOf, type App } from './app.ts';

/**
 * `domain`, `destinations` and `self_hosted_domains` are derived from each other (Q33): only `domain`
 * is sent, unless others put more than that hostname in front of the same application.
 */
export function furtherDestinations(app: App, domain: string): Plain {
  const before = domainOf(app);
  const moved = (uri: unknown) => (typeof uri === 'string' && canonicalDomain(uri) === before ? domain : uri);
  const destinations = Array.isArray(app['destinations']) ? app['destinations'].filter(isPlain) : [];
  if (destinations.length > 1 || destinations.some((destination) => !isDerived(destination, before))) {
    return {
      destinations: destinations.map((destination) =>
        'uri' in destination ? { ...destination, uri: moved(destination['uri']) } : destination,
      ),
    };
  }
  const named = Array.isArray(app['self_hosted_domains']) ? app['self_hosted_domains'] : [];
  return destinations.length === 0 && named.length > 1 ? { self_hosted_domains: named.map(moved) } : {};
}

/** What the API makes of `domain` alone. */
const isDerived = (destination: Plain, domain: string): boolean =>
  destination['type'] === 'public' &&
  canonicalDomain(String(destination['uri'])) === domain &&
  Object.keys(destination).every((member) => member === 'type' || member === 'uri');
