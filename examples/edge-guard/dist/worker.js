// Made from worker.ts. In its project: npx vitest run --config test/vitest.config.ts test/guard/edge.test.ts --update
// ../../src/lib/token-shapes.ts
var shapes = [
  "gh[pousr]_[A-Za-z0-9]{16,}",
  "github_pat_\\w{20,}",
  "glpat-[\\w-]{16,}",
  "xox[a-z]-[\\w-]{10,}",
  "xapp-\\d-[\\w-]{10,}",
  "(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])",
  "sk-[\\w-]{0,40}?[A-Za-z0-9]{16}[\\w-]*",
  "[rs]k_(?:live|test)_\\w{10,}",
  "whsec_[A-Za-z0-9+/]{16,}",
  "AIza[\\w-]{30,}",
  "ya29\\.[\\w-]{20,}",
  "GOCSPX-[\\w-]{20,}",
  "npm_[A-Za-z0-9]{30,}",
  "pypi-[\\w-]{40,}",
  "hf_[A-Za-z0-9]{30,}",
  "dckr_pat_[\\w-]{20,}",
  "SG\\.[\\w-]{16,}\\.[\\w-]{16,}",
  "(?:ntn|secret|lin_api)_[A-Za-z0-9]{32,}",
  "shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}",
  "ATATT3[\\w=-]{20,}",
  // Cloudflare's own, since their secrets can be told from other text.
  "cf[a-z]{1,4}_[\\w-]{30,}",
  // A JSON Web Token: two parts that are JSON in base64, and a signature.
  "eyJ[\\w-]{8,}\\.eyJ[\\w-]{8,}(?:\\.[\\w-]*)?",
  "-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----",
  `[Bb]earer\\s{1,5}(?=[^\\s"']{0,200}\\d)[\\w.~+/-]{16,}=*`,
  "[Bb]asic\\s{1,5}[A-Za-z0-9+/]{12,}={1,2}",
  `(?:[Tt]oken|[Ss]ecret|[Pp]assword|[Aa]pi[-_]?[Kk]ey)["']?\\s{0,5}[:=]\\s{0,5}["']?[0-9a-fA-F]{32,}`
];
var shape = new RegExp(`(?<![A-Za-z0-9])(?:${shapes.join("|")})`);
var everyShape = new RegExp(shape, "g");
var holdsToken = (text) => text.length >= 16 && shape.test(text);
var withoutTokens = (text) => holdsToken(text) ? text.replace(everyShape, "…") : text;

// ../../src/guard/redact.ts
var secretName = /secret|token|passw|pwd|api[-_]?key|credential|authorization|bearer|private[-_]?key|cookie|session/i;
var longHex = /\b[0-9a-f]{32,}\b/gi;
var mark = "(secret)";
var longestText = 200;
var longestList = 20;
var deepest = 5;
function redacted(value, keys, depth = 0) {
  if (typeof value === "string") return clean(value, keys);
  if (typeof value !== "object" || value === null) return value;
  if (depth === deepest) return "…";
  if (Array.isArray(value)) {
    const some2 = value.slice(0, longestList).map((each) => redacted(each, keys, depth + 1));
    return value.length > longestList ? [...some2, `… ${value.length - longestList} more`] : some2;
  }
  const entries = Object.entries(value);
  const some = entries.slice(0, longestList).map(([name, each]) => [clean(name, keys), secretName.test(name) ? mark : redacted(each, keys, depth + 1)]);
  return Object.fromEntries(entries.length > longestList ? [...some, ["…", `${entries.length - longestList} more`]] : some);
}
function clean(text, keys) {
  const near = text.slice(0, 20 * longestText);
  const without = keys.reduce((rest, key) => rest.replaceAll(key, mark), near);
  const cleaned = withoutTokens(without).replaceAll(longHex, mark);
  return text.length > near.length || cleaned.length > longestText ? `${cleaned.slice(0, longestText)}…` : cleaned;
}

// ../../src/guard/audit-line.ts
function auditLine(entry) {
  const { rpc, secrets } = entry;
  const shown = secrets === void 0 || rpc.arguments === void 0 ? void 0 : redacted(rpc.arguments, secrets);
  const line = JSON.stringify({
    time: entry.time.toISOString(),
    event: "mcp_request",
    key: entry.key?.id ?? "none",
    http_method: entry.httpMethod,
    endpoint: cut(entry.path),
    rpc_method: cut(rpc.method),
    tool: cut(rpc.tool),
    status: entry.status,
    duration_ms: Math.round(entry.durationMs * 10) / 10,
    bytes: entry.bytesOut,
    request_bytes: entry.bytesIn,
    ray: cut(entry.ray),
    client: cut(entry.client),
    ...entry.reason === void 0 ? {} : { reason: entry.reason },
    ...shown === void 0 ? {} : { arguments: shown }
  });
  return `${line}
`;
}
var cut = (text) => {
  if (text === void 0) return null;
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
};

// ../../src/guard/keys.ts
var keyHeaders = ["x-api-key", "authorization", "x-auth-token"];
var longestKey = 1024;
var keyEntries = (text) => text.split(/\r?\n/).filter((line) => !line.trimStart().startsWith("#")).flatMap((line) => line.split(",")).map((entry) => entry.trim()).filter((entry) => entry !== "");
function digestOfEntry(entry) {
  if (!entry.startsWith("sha256:")) return void 0;
  const hex = entry.slice("sha256:".length).toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hex)) return "malformed";
  return Uint8Array.from({ length: 32 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}
function knownKey(digest) {
  const hex = hexOf(digest);
  return { digest, hex, id: hex.slice(0, 8) };
}
var hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
function presentedKeys(header) {
  const presented = [];
  for (const name of keyHeaders) {
    const value = header(name) ?? "";
    const key = name === "authorization" ? /^bearer +(\S+)$/i.exec(value)?.[1] ?? "" : value;
    if (key !== "" && key.length <= longestKey) presented.push(key);
  }
  return presented;
}
function findKey(keys, digest) {
  let found;
  for (const key of keys) {
    if (differenceOf(key.digest, digest) === 0) found = key;
  }
  return found;
}
function differenceOf(one, other) {
  let difference = one.length ^ other.length;
  for (let at = 0; at < one.length; at++) difference |= (one[at] ?? 0) ^ (other[at] ?? 0);
  return difference;
}

// ../../src/guard/headers.ts
var ofOneConnection = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "transfer-encoding",
  "upgrade"
];
var notForUpstream = /* @__PURE__ */ new Set([
  ...ofOneConnection,
  "trailer",
  "http2-settings",
  // Said anew for the upstream.
  "host",
  "content-length",
  // Answered here.
  "expect",
  // A compressed stream waits for its compressor, and takes no comments.
  "accept-encoding",
  // Local servers refuse pages of other sites by their origin; a page does not know the key, so that is settled here.
  "origin",
  ...keyHeaders
]);
var notForCaller = new Set(ofOneConnection);
var accessPrefix = "cf-access-";
var isForUpstream = (lowerName) => !notForUpstream.has(lowerName) && !lowerName.startsWith(accessPrefix);
var isForCaller = (lowerName) => !notForCaller.has(lowerName);
var declaredInConnection = (connection) => connection.toLowerCase().split(",").map((name) => name.trim()).filter((name) => name !== "" && name !== "keep-alive" && name !== "close");
var withoutAccessCookies = (cookie) => cookie.split(/; */).filter((each) => !/^CF_(?:Authorization|AppSession|Session|Binding)=/i.test(each)).join("; ");
function locationForCaller(location, upstreamOrigin) {
  const own = URL.canParse(location) && new URL(location).origin === upstreamOrigin;
  return own ? pathOfUrl(location) ?? location : location;
}
function pathOfUrl(text) {
  if (!URL.canParse(text)) return void 0;
  const { pathname, search, hash } = new URL(text);
  return (pathname.startsWith("//") ? `/.${pathname}` : pathname) + search + hash;
}
var streamingHeaders = (cacheControl) => [
  ["Cache-Control", withNoTransform(cacheControl)],
  ["X-Accel-Buffering", "no"]
];
var withNoTransform = (cacheControl = "no-cache") => /\bno-transform\b/i.test(cacheControl) ? cacheControl : `${cacheControl}, no-transform`;
var isEventStream = (contentType) => /^\s*text\/event-stream\b/i.test(contentType ?? "");

// ../../src/guard/event-stream.ts
var keepAliveComment = ": keep-alive\n\n";
var longestEndpointEvent = 8192;
var nothing = new Uint8Array(0);
var bytewise = new TextDecoder("latin1");
var utf8 = new TextDecoder();
var encoder = new TextEncoder();
function eventStream({ rewriteEndpoint }) {
  let held = rewriteEndpoint ? nothing : void 0;
  let tail = 2570;
  const sent = (bytes) => {
    for (const byte of bytes.subarray(-4)) tail = (tail << 8 | byte) >>> 0;
    return bytes;
  };
  return {
    push(bytes) {
      if (held === void 0) return sent(bytes);
      const { ready, rest } = splitBeginning(held.length === 0 ? bytes : joined([held, bytes]));
      held = rest;
      return sent(ready);
    },
    end() {
      const rest = held ?? nothing;
      held = void 0;
      return sent(rest);
    },
    get isBetweenEvents() {
      return (tail & 65535) === 2570 || (tail & 16777215) === 658698 || (tail & 65535) === 3341;
    }
  };
}
function splitBeginning(bytes) {
  const text = bytewise.decode(bytes);
  const blank = /\r\n\r\n|\n\n|\r\r/g;
  let from = 0;
  for (let end = blank.exec(text); end !== null; end = blank.exec(text)) {
    const next = end.index + end[0].length;
    if (!isOnlyComments(text.slice(from, next))) {
      const event = endpointAsPath(utf8.decode(bytes.subarray(from, next)));
      if (event === void 0) return { ready: bytes, rest: void 0 };
      return { ready: joined([bytes.subarray(0, from), encoder.encode(event), bytes.subarray(next)]), rest: void 0 };
    }
    from = next;
  }
  if (bytes.length - from > longestEndpointEvent) return { ready: bytes, rest: void 0 };
  return { ready: bytes.subarray(0, from), rest: bytes.slice(from) };
}
var isOnlyComments = (event) => event.split(/[\r\n]+/).every((line) => line === "" || line.startsWith(":") || /^(?:retry|id):/.test(line));
function endpointAsPath(event) {
  if (!/^event: ?endpoint$/m.test(event.replaceAll("\r", "\n"))) return void 0;
  const [, before = "", url = ""] = /^([^]*?(?:^|[\r\n])data: ?)(https?:\/\/[^\r\n]+)/.exec(event) ?? [];
  const path = url === "" ? void 0 : pathOfUrl(url);
  return path === void 0 ? void 0 : before + path + event.slice(before.length + url.length);
}
function joined(parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

// ../../src/guard/refusals.ts
var longestBody = 4 * 1024 * 1024;
var refusals = {
  badTarget: { status: 400, type: "bad_request", message: "The request target must be a path" },
  noKey: { status: 401, type: "auth", message: "Missing or invalid API key" },
  noAccess: { status: 403, type: "auth", message: "Missing or invalid Cloudflare Access token" },
  noDiscovery: { status: 404, type: "not_found", message: "There is no OAuth here: send an API key" },
  tooLarge: { status: 413, type: "too_large", message: "The request body is larger than 4 MB" },
  tooMany: { status: 429, type: "rate_limit", message: "Too many requests" },
  failed: { status: 500, type: "internal", message: "The guard failed on this request" },
  noUpgrade: { status: 501, type: "not_implemented", message: "WebSocket is not supported" },
  unreachable: { status: 502, type: "bad_gateway", message: "The MCP server cannot be reached, or its answer is not HTTP" },
  noCerts: { status: 503, type: "unavailable", message: "Cloudflare Access's keys cannot be read to check the token" },
  tooSlow: { status: 504, type: "gateway_timeout", message: "The MCP server did not answer in time" }
};
var refusalBody = ({ type, message }) => JSON.stringify({ error: { type, message } });
var isDiscovery = (path) => /(?:^|\/)\.well-known(?:\/|$)/.test(path);

// ../../src/guard/rpc.ts
var otherRequest = { method: void 0, tool: void 0, cost: 1, arguments: void 0 };
function readRpc(body) {
  const message = parsed(body);
  if (!Array.isArray(message)) return summary(message);
  const parts = message.map(summary);
  const calls = parts.filter(({ tool }) => tool !== void 0);
  return {
    method: joined2(parts.map(({ method }) => method)),
    tool: joined2(calls.map(({ tool }) => tool)),
    cost: parts.length === 0 ? 1 : parts.reduce((sum, { cost }) => sum + cost, 0),
    arguments: calls.length === 0 ? void 0 : calls.map((call) => call.arguments)
  };
}
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return void 0;
  }
}
var isFields = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
function summary(message) {
  if (!isFields(message)) return otherRequest;
  const { method, params, id } = message;
  if (typeof method !== "string") return isReply(message) ? { ...otherRequest, cost: 0 } : otherRequest;
  const free = method === "ping" || method.startsWith("notifications/") && id === void 0;
  const call = method === "tools/call" && isFields(params) ? params : void 0;
  const tool = call?.["name"];
  return {
    method,
    tool: typeof tool === "string" ? tool : void 0,
    cost: free ? 0 : 1,
    arguments: call?.["arguments"]
  };
}
var isReply = (message) => message["id"] !== void 0 && (isFields(message["result"]) || isFields(message["error"]));
var joined2 = (words) => [...new Set(words.filter((word) => word !== void 0))].join(",") || void 0;

// known-keys.ts
var known;
async function knownKeys(text) {
  if (known?.text !== text) known = { text, keys: readKeys(text) };
  return await known.keys;
}
async function readKeys(text) {
  const digests = await Promise.all(keyEntries(text).map(async (entry) => digestOfEntry(entry) ?? await sha256(entry)));
  const keys = digests.flatMap((digest) => digest === "malformed" ? [] : [knownKey(digest)]);
  return keys.length === 0 || keys.length < digests.length ? void 0 : keys;
}
var sha256 = async (text) => new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));

// pass-on.ts
var idleMs = 15e3;
function passedOn(body, events) {
  const { readable, writable } = new TransformStream();
  const writer = writable.getWriter();
  let bytesOut = 0;
  let lastSent = Date.now();
  const send = async (bytes) => {
    lastSent = Date.now();
    bytesOut += bytes.length;
    if (bytes.length > 0) await writer.write(bytes);
  };
  const comment = () => {
    if (events?.isBetweenEvents !== true || Date.now() - lastSent < idleMs) return;
    lastSent = Date.now();
    writer.write(new TextEncoder().encode(keepAliveComment)).catch(() => {
    });
  };
  const copy = async () => {
    const timer = events === void 0 ? void 0 : setInterval(comment, idleMs / 3);
    const reader = body.getReader();
    writer.closed.catch((error) => reader.cancel(error));
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read())
        await send(events?.push(part.value) ?? part.value);
      if (events !== void 0) await send(events.end());
      await writer.close();
      return { bytesOut };
    } catch (error) {
      await Promise.allSettled([reader.cancel(error), writer.abort(error)]);
      return { bytesOut, reason: "broken_off" };
    } finally {
      clearInterval(timer);
    }
  };
  return { readable, done: copy() };
}

// worker.ts
var worker_default = {
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    const exchange = {
      request,
      path: pathname,
      started: Date.now(),
      presented: [],
      key: void 0,
      rpc: otherRequest,
      bytesIn: 0
    };
    const admitted = await admit(exchange, env);
    if ("refusal" in admitted) return refuse(exchange, env, admitted);
    const answer = await askUpstream(exchange, env, admitted.body).catch(() => void 0);
    if (answer === void 0) return refuse(exchange, env, { refusal: refusals.unreachable });
    return relay(exchange, { env, context, answer });
  }
};
var unready = (message) => ({ refusal: { status: 503, type: "unavailable", message } });
async function admit(exchange, env) {
  const { request } = exchange;
  if (isDiscovery(exchange.path)) return { refusal: refusals.noDiscovery };
  const keys = await knownKeys(env.API_KEYS ?? "");
  if (keys === void 0) return unready("API_KEYS of this Worker holds no key, or a digest that is none");
  exchange.presented = presentedKeys((name) => request.headers.get(name));
  for (const presented of exchange.presented) exchange.key ??= findKey(keys, await sha256(presented));
  if (exchange.key === void 0) return { refusal: refusals.noKey };
  if (request.headers.get("upgrade")?.toLowerCase() === "websocket") return { refusal: refusals.noUpgrade };
  if (env.UPSTREAM === void 0 || !URL.canParse(env.UPSTREAM)) return unready("UPSTREAM of this Worker is not set to a URL");
  const body = request.body === null ? void 0 : await readBody(request);
  if (body === "too large") return { refusal: refusals.tooLarge };
  exchange.bytesIn = body?.length ?? 0;
  if (request.method === "POST") exchange.rpc = readRpc(new TextDecoder().decode(body));
  if (await isTooMuch(exchange, env)) return { refusal: refusals.tooMany, retryAfter: env.RATE_LIMIT_PERIOD ?? "60" };
  return { body };
}
async function readBody(request) {
  if (Number(request.headers.get("content-length") ?? 0) > longestBody) return "too large";
  const chunks = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > longestBody) return "too large";
    chunks.push(chunk);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
async function isTooMuch({ key, rpc }, { LIMITER: limiter }) {
  if (limiter === void 0 || key === void 0) return false;
  for (let at = 0; at < Math.min(rpc.cost, 100); at += 1) {
    if (!(await limiter.limit({ key: key.hex })).success) return true;
  }
  return false;
}
async function askUpstream({ request }, env, body) {
  const { pathname, search } = new URL(request.url);
  const url = `${new URL(env.UPSTREAM ?? "").origin}${pathname}${search}`;
  const headers = new Headers();
  const declared = declaredInConnection(request.headers.get("connection") ?? "");
  for (const [name, value] of request.headers) {
    const passed = name === "cookie" ? withoutAccessCookies(value) : value;
    if (isForUpstream(name) && !declared.includes(name) && passed !== "") headers.set(name, passed);
  }
  if (env.CF_ACCESS_CLIENT_ID !== void 0) headers.set("CF-Access-Client-Id", env.CF_ACCESS_CLIENT_ID);
  if (env.CF_ACCESS_CLIENT_SECRET !== void 0) headers.set("CF-Access-Client-Secret", env.CF_ACCESS_CLIENT_SECRET);
  const sent = body === void 0 ? {} : { body };
  return await fetch(url, { method: request.method, headers, redirect: "manual", signal: request.signal, ...sent });
}
function refuse(exchange, env, { refusal, retryAfter }) {
  const body = refusalBody(refusal);
  const headers = { "Content-Type": "application/json", "Cache-Control": "no-store" };
  audit(exchange, env, { status: refusal.status, bytesOut: body.length, reason: refusal.type });
  return new Response(body, {
    status: refusal.status,
    headers: retryAfter === void 0 ? headers : { ...headers, "Retry-After": retryAfter }
  });
}
function relay(exchange, { env, context, answer }) {
  const { status, statusText } = answer;
  const headers = headersForCaller(answer.headers, new URL(env.UPSTREAM ?? "").origin);
  if (answer.body === null) {
    audit(exchange, env, { status, bytesOut: 0 });
    return new Response(null, { status, statusText, headers });
  }
  const isStream = isEventStream(headers.get("content-type")) && !headers.has("content-length");
  const events = isStream ? eventStream({ rewriteEndpoint: exchange.request.method === "GET" }) : void 0;
  const { readable, done } = passedOn(answer.body, events);
  context.waitUntil(done.then(({ bytesOut, reason }) => audit(exchange, env, { status, bytesOut, reason })));
  return new Response(readable, { status, statusText, headers });
}
function headersForCaller(from, upstreamOrigin) {
  const headers = new Headers();
  const declared = declaredInConnection(from.get("connection") ?? "");
  for (const [name, value] of from) {
    if (isForCaller(name) && !declared.includes(name)) {
      headers.append(name, name === "location" ? locationForCaller(value, upstreamOrigin) : value);
    }
  }
  if (isEventStream(from.get("content-type"))) {
    for (const [name, value] of streamingHeaders(from.get("cache-control") ?? void 0)) headers.set(name, value);
  }
  return headers;
}
function audit(exchange, env, outcome) {
  const { request, path, started, key, rpc, bytesIn, presented } = exchange;
  const line = auditLine({
    time: new Date(started),
    key,
    httpMethod: request.method,
    path,
    rpc,
    durationMs: Date.now() - started,
    bytesIn,
    ray: request.headers.get("cf-ray") ?? void 0,
    client: request.headers.get("cf-connecting-ip") ?? void 0,
    reason: void 0,
    secrets: env.AUDIT_ARGUMENTS === "true" ? presented : void 0,
    ...outcome
  });
  console.log(line.trimEnd());
}
export {
  worker_default as default
};
