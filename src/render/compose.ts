/** What the connector's service in a Compose file depends on. */
export type ComposeService = {
  readonly image: string;
  /** The addresses that the tunnel's rules send requests to. */
  readonly services: readonly string[];
  /** `service:NAME` or `host`; undefined: the network of the Compose project. */
  readonly network: string | undefined;
};

/** The service as a Compose file reads it: no port is published, and the token comes from the environment. */
export function composeService({ image, services, network }: ComposeService) {
  const hosts = composeHosts(services);
  return {
    cloudflared: {
      image,
      restart: 'unless-stopped',
      command: 'tunnel run',
      environment: ['TUNNEL_TOKEN=${TUNNEL_TOKEN}'],
      // In another's network its services are on localhost, and Compose starts that one first by itself.
      ...(network === undefined ? (hosts.length === 0 ? {} : { depends_on: hosts }) : { network_mode: network }),
    },
  };
}

/** The same as YAML, to be put under `services:`. */
export function composeText(service: ComposeService): string {
  const { cloudflared } = composeService(service);
  const lines = Object.entries(cloudflared).flatMap(([key, value]) =>
    typeof value === 'string' ? [`  ${key}: ${value}`] : [`  ${key}:`, ...value.map((item) => `   - ${item}`)],
  );
  return ['cloudflared:', ...lines, ''].join('\n');
}

/** Hosts that can be services of the same Compose file: a single label, and not the machine itself. */
const composeHosts = (services: readonly string[]): readonly string[] => {
  const hosts = services.map((service) =>
    /^[a-z]+:\/\//.test(service) && URL.canParse(service) ? new URL(service).hostname : '',
  );
  return [...new Set(hosts.filter((host) => /^[a-z0-9][a-z0-9_-]*$/i.test(host) && host !== 'localhost'))];
};
