const words = (text: string): readonly string[] => text.split(' ');

const marks = words('absent protect');
const rules = words('include require exclude');
const application = words(
  'name policies session_duration allowed_idps auto_redirect_to_identity oauth tags logo_url custom_deny_message custom_deny_url custom_non_identity_deny_url custom_pages http_only_cookie_attribute same_site_cookie_attribute allow_authenticate_via_warp',
);
const hosted = words(
  'app_launcher_visible service_auth_401_redirect skip_interstitial enable_binding_cookie path_cookie_attribute allow_iframe read_service_tokens_from_header cors',
);
const policy = words(
  'name decision session_duration purpose_justification_required purpose_justification_prompt approval_required isolation_required',
);

/** The keys that an entry of each section may have, and those of the maps inside: the schemas say the same. */
export const plainKeys = {
  document: words(
    'version account service_tokens groups policies tunnels kv_namespaces workers servers portals applications dns',
  ),
  service_tokens: [...words('name duration enabled out'), ...marks],
  groups: ['name', ...rules, ...marks],
  policies: [...policy, ...rules, ...marks],
  servers: [
    ...words('name url worker tunnel description auth secure_web_gateway shared_oauth_callback tools prompts access'),
    ...marks,
  ],
  'servers.access': application,
  portals: [...words('name hostname description code_mode secure_web_gateway servers access service_tokens dns'), ...marks],
  'portals.access': [...application, ...hosted],
  link: words('default on_behalf tools prompts'),
  override: words('alias description enabled'),
} as const;
