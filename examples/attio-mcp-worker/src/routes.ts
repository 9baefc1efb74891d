import { errorPage, oauthError, rpcError } from './http/responses.ts';
import { serveMcp } from './mcp/endpoint.ts';
import { browserError, showConsent, takeConsent } from './oauth/authorize.ts';
import { finishSignIn } from './oauth/callback.ts';
import type { Scene } from './scene.ts';

export type Route = {
  readonly methods: readonly string[];
  /** Whose pages may read the answer; `nobody` where a browser itself goes there. */
  readonly readers: 'anybody' | 'clients' | 'nobody';
  /** The path that the libraries know it by, where this one is a second name. */
  readonly path?: string;
  readonly maxBytes: number;
  answer(request: Request, scene: Scene): Promise<Response>;
  /** An error in the form that callers of this route understand. */
  refuse(status: number, parts: Refusal): Response;
};
export type Refusal = { readonly error: string; readonly description: string; readonly headers?: Record<string, string> };

const FORM_BYTES = 64 * 1024;
const MESSAGE_BYTES = 1024 * 1024;

const inBrowser = async (scene: Scene, answer: () => Promise<Response>): Promise<Response> => {
  try {
    return await answer();
  } catch (error) {
    const shown = browserError(error, scene.settings);
    if (shown === undefined) throw error;
    return shown;
  }
};

const common = { maxBytes: FORM_BYTES, refuse: oauthError } as const;
const forBrowsers = {
  maxBytes: FORM_BYTES,
  readers: 'nobody',
  refuse: (status: number, { description, headers }: Refusal) => errorPage(status, `${description}.`, headers),
} as const;

const serverMetadata = {
  ...common,
  methods: ['GET', 'HEAD'],
  readers: 'anybody',
  path: '/.well-known/oauth-authorization-server',
  answer: (request, { authorization, env, context }) => authorization.fetch(request, env, context),
} as const satisfies Route;

const resourceMetadata = {
  ...common,
  methods: ['GET', 'HEAD'],
  readers: 'anybody',
  path: '/.well-known/oauth-protected-resource/mcp',
  answer: (request, { resource, env, context }) => resource.fetch(request, env, context),
} as const satisfies Route;

const oauthPost = { ...serverMetadata, methods: ['POST'], readers: 'clients' } as const;

export const routes: Readonly<Record<string, Route>> = {
  '/.well-known/oauth-authorization-server': serverMetadata,
  '/.well-known/oauth-authorization-server/mcp': serverMetadata,
  '/.well-known/oauth-protected-resource': resourceMetadata,
  '/.well-known/oauth-protected-resource/mcp': resourceMetadata,
  '/oauth/token': { ...oauthPost, path: '/oauth/token' },
  '/oauth/register': { ...oauthPost, path: '/oauth/register' },
  '/oauth/authorize': {
    ...forBrowsers,
    methods: ['GET', 'POST'],
    answer: (request, scene) => {
      const around = { oauth: scene.authorization.getOAuthApi(scene.env), settings: scene.settings };
      return inBrowser(scene, () => (request.method === 'GET' ? showConsent : takeConsent)(request, around));
    },
  },
  '/oauth/callback': {
    ...forBrowsers,
    methods: ['GET'],
    answer: (request, scene) => {
      const oauth = scene.authorization.getOAuthApi(scene.env);
      return inBrowser(scene, () => finishSignIn(request, { ...scene, oauth }));
    },
  },
  '/mcp': {
    methods: ['POST'],
    readers: 'clients',
    maxBytes: MESSAGE_BYTES,
    answer: serveMcp,
    refuse: (status, { description, headers = {} }) => rpcError(status, { code: -32000, message: description, headers }),
  },
};
