import { randomUUID } from 'node:crypto';
import { accessInvalid, foundIn, listedByName, stamps } from './access.ts';
import { checkMembers, text, texts } from './check.ts';
import { ok } from './envelope.ts';
import { type JsonObject, pick } from './json.ts';
import { conflict, missing } from './refusal.ts';
import { type Answer, type Call, type Route, route } from './route.ts';
import { type Row, row, type SandboxState } from './state.ts';

const organization = '/accounts/:account/access/organizations';
const providers = '/accounts/:account/access/identity_providers';
const tags = '/accounts/:account/access/tags';

/** The Zero Trust organisation, its identity providers, and the tags of Access applications. */
export const organizationRoutes: readonly Route[] = [
  route('GET', organization, ({ state }) => ok(state.organization)),
  route('PUT', organization, (call) => changeOrganization(call)),
  route('PATCH', organization, (call) => changeOrganization(call)),
  route('GET', providers, (call) => listedByName(call, call.state.identity_providers, providerView)),
  route('POST', providers, (call) => createProvider(call)),
  route('GET', `${providers}/:id`, (call) => ok(providerView(foundIn(call, call.state.identity_providers, 'identity provider')))),
  route('GET', tags, (call) => listedByName(call, call.state.tags, tagView(call.state))),
  route('POST', tags, (call) => createTag(call)),
  route('GET', `${tags}/:id`, (call) => ok(tagView(call.state)(foundTag(call)))),
  route('DELETE', `${tags}/:id`, (call) => removeTag(call)),
];

const changeOrganization = ({ state, body }: Call): Answer => {
  state.organization = { ...state.organization, ...body };
  return ok(state.organization);
};

const createProvider = ({ state, now, body }: Call): Answer => {
  checkMembers(body, { name: { type: 'string', required: true }, type: { type: 'string', required: true } }, accessInvalid);
  const provider = row(now, randomUUID(), { config: {}, ...pick(body, ['name', 'type', 'config']) });
  state.identity_providers = [...state.identity_providers, provider];
  return ok(providerView(provider), 201);
};

const providerView = (provider: Row): JsonObject => ({ id: provider.id, ...provider.body });

/** A tag's name is its key. */
const createTag = ({ state, now, body }: Call): Answer => {
  checkMembers(body, { name: { type: 'string', required: true, max: 35 } }, accessInvalid);
  const name = text(body['name']);
  if (state.tags.some((each) => each.id === name)) {
    throw conflict(accessInvalid, `access.api.error.conflict: tag ${name} already exists`);
  }
  const tag = row(now, name, { name });
  state.tags = [...state.tags, tag];
  return ok(tagView(state)(tag), 201);
};

const removeTag = (call: Call): Answer => {
  const { id } = foundTag(call);
  call.state.tags = call.state.tags.filter((each) => each.id !== id);
  return ok({ name: id });
};

const foundTag = ({ state, param }: Call): Row => {
  const tag = state.tags.find((each) => each.id === param('id'));
  if (tag === undefined) throw missing(11021, 'access.api.error.not_found: tag not found');
  return tag;
};

const tagView =
  (state: SandboxState) =>
  (tag: Row): JsonObject => ({
    name: tag.id,
    app_count: state.applications.filter((app) => texts(app.body['tags']).includes(tag.id)).length,
    ...stamps(tag),
  });
