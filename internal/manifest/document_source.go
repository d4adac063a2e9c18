package manifest

// Source is an authentication source: a place outside that says who somebody
// is, offered where an application lists it.
type Source struct {
	At       Position        `key:"-"`
	Name     string          `key:"name" need:"yes" natural:"yes" doc:"The natural key, 1 to 64 characters, compared without regard to case. sso is the enterprise sign-in, which has a key of its own."`
	Kind     string          `key:"kind" need:"yes" choices:"oauth2,oidc,cas" doc:"The language it is asked in; never changes."`
	Enabled  *bool           `key:"enabled" doc:"Whether people can sign in through it. Default false. A setting that is missing is told only once this is true."`
	Icon     Picture         `key:"icon" doc:"A picture of 240×240 pixels, PNG or JPEG of at most 20 KiB, as for an application. \"\" takes it away; export leaves it out."`
	Settings *SourceSettings `key:"settings" doc:"Those of the kind; the others are refused."`
	Match    *SourceMatch    `key:"match" doc:"Which member somebody is whom the source proves for the first time."`
	Mappings []SourceMapping `key:"mappings" whole:"yes" doc:"What of a person is filled at each sign-in: exactly these."`
}

// SourceSettings are the settings of every kind of sources.
type SourceSettings struct {
	Issuer       *string  `key:"issuer" doc:"oidc: names the provider, exactly as in its ID tokens. Addresses that are not set are read from what it publishes."`
	AuthorizeURL *string  `key:"authorize_url" doc:"oauth2, oidc: the page on which people sign in."`
	TokenURL     *string  `key:"token_url" doc:"oauth2, oidc: where the code of a sign-in is exchanged for a token."`
	UserInfoURL  *string  `key:"userinfo_url" doc:"oauth2, oidc: where the person is asked for with the token."`
	JWKSURL      *string  `key:"jwks_url" doc:"oidc: where the keys of ID tokens are published."`
	Scope        []string `key:"scope" doc:"oauth2, oidc: what is asked of the source. Default for oidc: openid, profile, email."`
	ClientID     *string  `key:"client_id" doc:"oauth2, oidc: what the source calls this installation."`
	ClientSecret Secret   `key:"client_secret" doc:"A secret: issued by the source with the client id. Needed again when an address it is sent to changes."`
	AuthMethod   *string  `key:"auth_method" choices:"client_secret_basic,client_secret_post,client_secret_jwt,private_key_jwt,none" doc:"oauth2, oidc: how this installation proves itself at token_url. Default client_secret_basic."`
	PrivateKey   Secret   `key:"private_key" doc:"A secret: the private key in PEM, for private_key_jwt."`
	KeyID        *string  `key:"key_id" doc:"oauth2, oidc: by which the source finds the public key."`
	GrantType    *string  `key:"grant_type" choices:"authorization_code,implicit,password,client_credentials" doc:"oauth2, oidc: only authorization_code, the default, is taken; the others are refused with the reason."`
	PKCE         *bool    `key:"pkce" doc:"oauth2, oidc: false leaves out the challenge of RFC 7636. Default true."`
	Dialect      *string  `key:"dialect" choices:"auto,oauth2,wechat" doc:"oauth2: how the source wants to be asked. auto recognises WeChat-like ones by their addresses. Default auto."`
	SubjectField *string  `key:"subject_field" doc:"Where the name of the person for ever stands; a dot leads into an object. Default for oauth2: sub, else id; for cas: user. oidc has none: sub it is."`
	LoginURL     *string  `key:"login_url" doc:"cas: the page on which people sign in."`
	ValidateURL  *string  `key:"validate_url" doc:"cas: where a ticket is exchanged for the person."`
	Version      *string  `key:"version" choices:"1,2,3" doc:"cas: of the protocol, in quotation marks. Default \"3\"."`
	Format       *string  `key:"format" choices:"xml,json" doc:"cas: in which the server is asked to answer. Default xml."`
	ExitURL      *string  `key:"exit_url" doc:"Where people sign out of the source after they signed out here; {return_url} in its query stands for the address to come back to."`
}

// SourceMatch says which member somebody is.
type SourceMatch struct {
	Ours     *string  `key:"ours" choices:"account,email,mobile" doc:"The attribute of members that is compared."`
	Theirs   *string  `key:"theirs" doc:"The name under which the source says what it is compared with."`
	Strategy *string  `key:"strategy" choices:"bind_or_create,bind,create" doc:"The member found, or else a new guest; the member found, or else a refusal; a new guest always. Default bind_or_create."`
	Trusted  []string `key:"trusted" doc:"email, mobile: the contacts that the source is trusted to have proven. By another one nobody is matched who does not prove the account here."`
}

// SourceMapping fills an attribute of a person.
type SourceMapping struct {
	At     Position `key:"-"`
	Ours   string   `key:"ours" need:"yes" doc:"name, english_name, email, mobile, title, description, or attributes. and the key of a custom attribute."`
	Theirs *string  `key:"theirs" doc:"The name under which the source says it."`
	Fixed  *string  `key:"fixed" doc:"A fixed value, in place of theirs."`
}

// Webhook is an address that is told of what happens in its organisation.
type Webhook struct {
	At      Position `key:"-"`
	Name    string   `key:"name" need:"yes" natural:"yes" doc:"The natural key, 1 to 64 characters, compared without regard to case."`
	URL     string   `key:"url" need:"yes" doc:"Where the calls go: https."`
	Events  []string `key:"events" need:"yes" doc:"The kinds of events: member.added, all of a noun as in member.*, or *."`
	Enabled *bool    `key:"enabled" doc:"Whether it is told. What happens while it is not is not told later. Default true."`
	Secret  Secret   `key:"secret" doc:"A secret that signs the calls: whsec_ and 24 to 64 bytes in base64. Left out, one is made and printed once. When this value changes, the one before signs too for a day."`
}
