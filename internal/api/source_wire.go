package api

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/source"
)

// Source is an authentication source on the wire. Its secrets are never shown.
type Source struct {
	ID          string          `json:"id"`
	Name        string          `json:"name"`
	Kind        string          `json:"kind" enum:"oauth2,oidc,cas"`
	Enabled     bool            `json:"enabled"`
	Settings    SourceSettings  `json:"settings" doc:"Those of the kind, with their defaults and without secrets."`
	Secrets     []string        `json:"secrets" doc:"The keys of the secrets that are stored."`
	Match       SourceMatch     `json:"match"`
	Mappings    []SourceMapping `json:"mappings"`
	Icon        string          `json:"icon" doc:"Names the icon's content; empty without one."`
	CallbackURL string          `json:"callback_url" doc:"What has to be registered at the source as redirect URI. It never changes."`
	LogoutURL   string          `json:"logout_url" doc:"Where the source can tell of the end of a session; empty for a kind that cannot."`
	Default     bool            `json:"default" doc:"Whether people of the organisation are led to it without being asked."`
	Version     int64           `json:"version"`
	CreatedAt   time.Time       `json:"created_at"`
	UpdatedAt   time.Time       `json:"updated_at"`
}

// SourceSettings are the settings of every kind. One that the kind does not
// have is refused.
type SourceSettings struct {
	Issuer       *string   `json:"issuer,omitempty" doc:"oidc: names the provider, exactly as in its ID tokens. Addresses that are not set are read from what it publishes."`
	AuthorizeURL *string   `json:"authorize_url,omitempty" doc:"The page of the source on which people sign in."`
	TokenURL     *string   `json:"token_url,omitempty" doc:"Where the code of a sign-in is exchanged for a token."`
	UserInfoURL  *string   `json:"userinfo_url,omitempty" doc:"Where the person is asked for with the token."`
	JWKSURL      *string   `json:"jwks_url,omitempty" doc:"oidc: where the keys of ID tokens are published."`
	Scope        *[]string `json:"scope,omitempty" doc:"What is asked of the source. Default for oidc: openid, profile, email."`
	ClientID     *string   `json:"client_id,omitempty" doc:"What the source calls this installation."`
	ClientSecret *string   `json:"client_secret,omitempty" doc:"Issued by the source. Never shown. A stored one stays, as long as the addresses it is sent to do."`
	AuthMethod   *string   `json:"auth_method,omitempty" enum:"client_secret_basic,client_secret_post,client_secret_jwt,private_key_jwt,none,header,basic,post" doc:"How this installation proves itself at the token address. header and basic stand for client_secret_basic, post for client_secret_post. Default client_secret_basic."`
	PrivateKey   *string   `json:"private_key,omitempty" doc:"In PEM, for private_key_jwt. Never shown; it stays like the secret."`
	KeyID        *string   `json:"key_id,omitempty" doc:"By which the source finds the public key."`
	GrantType    *string   `json:"grant_type,omitempty" enum:"authorization_code,implicit,password,client_credentials" doc:"Only authorization_code is taken; the others are refused with the reason. Default authorization_code."`
	PKCE         *bool     `json:"pkce,omitempty" doc:"false leaves out the challenge of RFC 7636. Default true."`
	Dialect      *string   `json:"dialect,omitempty" enum:"auto,oauth2,wechat" doc:"How the source wants to be asked. Default auto: WeChat-like ones are recognised by their addresses."`
	SubjectField *string   `json:"subject_field,omitempty" doc:"Where the name of the person for ever stands; a dot leads into an object. Default for oauth2: sub, else id; for cas: user. oidc has none: sub it is."`
	LoginURL     *string   `json:"login_url,omitempty" doc:"cas: the page on which people sign in."`
	ValidateURL  *string   `json:"validate_url,omitempty" doc:"cas: where a ticket is exchanged for the person."`
	Version      *string   `json:"version,omitempty" enum:"1,2,3" doc:"cas: of the protocol. Default 3."`
	Format       *string   `json:"format,omitempty" enum:"xml,json" doc:"cas: in which the server is asked to answer. Default xml."`
	ExitURL      *string   `json:"exit_url,omitempty" doc:"Where people sign out of the source after they signed out here; {return_url} in its query stands for the address to come back to."`
}

// SourceMatch says which member somebody is whom the source proves for the
// first time.
type SourceMatch struct {
	Ours     string   `json:"ours,omitempty" enum:"account,email,mobile" doc:"The attribute of members that is compared."`
	Theirs   string   `json:"theirs,omitempty" doc:"The name under which the source says what it is compared with."`
	Strategy string   `json:"strategy,omitempty" enum:"bind_or_create,bind,create" doc:"What becomes of a person: the member found, or else a new guest; the member found, or else a refusal; a new guest always. Default bind_or_create."`
	Trusted  []string `json:"trusted,omitempty" enum:"email,mobile" doc:"The contacts that the source is trusted to have proven. By another one nobody is matched who does not prove the account here."`
}

// SourceMapping fills an attribute of a person at each sign-in, with what the
// source says or with a fixed value.
type SourceMapping struct {
	Ours   string `json:"ours" doc:"name, english_name, email, mobile, title, description, or attributes. and the key of an attribute of the organisation's own."`
	Theirs string `json:"theirs,omitempty" doc:"The name under which the source says it."`
	Fixed  string `json:"fixed,omitempty" doc:"A fixed value, in place of theirs."`
}

// NewSource is the body that adds a source.
type NewSource struct {
	Name     string          `json:"name" doc:"1 to 64 characters, unique in the organisation; sso is the enterprise sign-in's."`
	Kind     string          `json:"kind" enum:"oauth2,oidc,cas" doc:"It never changes."`
	Enabled  bool            `json:"enabled,omitempty" doc:"A source that is not enabled may be incomplete."`
	Settings SourceSettings  `json:"settings,omitempty"`
	Match    SourceMatch     `json:"match,omitempty"`
	Mappings []SourceMapping `json:"mappings,omitempty"`
}

// SourceChange is an edit of a source; what is left out stays.
type SourceChange struct {
	Name     *string          `json:"name,omitempty"`
	Enabled  *bool            `json:"enabled,omitempty"`
	Settings SourceSettings   `json:"settings,omitempty" doc:"Those to change; an empty one takes away what is stored."`
	Match    *SourceMatch     `json:"match,omitempty" doc:"All of it."`
	Mappings *[]SourceMapping `json:"mappings,omitempty" doc:"All of them."`
}

// SourceKind is a kind of sources with the settings it has.
type SourceKind struct {
	Kind   string        `json:"kind"`
	Label  string        `json:"label" doc:"In the caller's language, as are all texts."`
	Fields []SourceField `json:"fields" doc:"In the order of a form."`
}

// SourceField is one setting of a kind.
type SourceField struct {
	Key      string         `json:"key"`
	Type     string         `json:"type" enum:"text,secret,key,address,path,choice,switch,list"`
	Label    string         `json:"label"`
	Help     string         `json:"help"`
	Required bool           `json:"required" doc:"Whether the source cannot be enabled without it."`
	Default  string         `json:"default"`
	Choices  []SourceChoice `json:"choices"`
}

// SourceChoice is one value of a setting that has a few.
type SourceChoice struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// values are the settings by their keys, as the schema writes them.
func (b SourceSettings) values() (source.Values, error) {
	text, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	var given map[string]any
	if err := json.Unmarshal(text, &given); err != nil {
		return nil, err
	}
	values := source.Values{}
	for key, value := range given {
		values[key] = settingText(value)
	}
	return values, nil
}

// settingText writes a value of the wire as the schema writes it.
func settingText(value any) string {
	switch v := value.(type) {
	case bool:
		if v {
			return "true"
		}
		return "false"
	case []any:
		words := make([]string, len(v))
		for i, word := range v {
			words[i], _ = word.(string)
		}
		return strings.Join(words, ",")
	}
	text, _ := value.(string)
	return text
}

// sourceSettings writes settings on the wire.
func sourceSettings(of identity.SourceKind, values source.Values) (b SourceSettings, err error) {
	shown := map[string]any{}
	for _, f := range source.Schema(of) {
		value, there := values[f.Key]
		switch {
		case !there:
		case f.Type == source.FieldSwitch:
			shown[f.Key] = value == "true"
		case f.Type == source.FieldList:
			shown[f.Key] = strings.Split(value, ",")
		default:
			shown[f.Key] = value
		}
	}
	text, err := json.Marshal(shown)
	if err != nil {
		return b, err
	}
	return b, json.Unmarshal(text, &b)
}

func sourceShown(c source.Configured) (Source, error) {
	settings, err := sourceSettings(c.Kind, c.Settings)
	b := Source{
		ID: string(c.ID), Name: c.Name, Kind: string(c.Kind), Enabled: c.Enabled, Settings: settings, Secrets: c.Secrets,
		Match: SourceMatch{
			Ours: string(c.Rules.Ours), Theirs: c.Rules.Theirs, Strategy: string(c.Rules.Strategy), Trusted: listAs[string](c.Rules.Trusted),
		},
		Mappings: []SourceMapping{}, Icon: c.IconDigest, CallbackURL: c.CallbackURL, LogoutURL: c.LogoutURL, Default: c.Default,
		Version: c.Version, CreatedAt: c.CreatedAt.UTC(), UpdatedAt: c.UpdatedAt.UTC(),
	}
	for _, m := range c.Rules.Mappings {
		b.Mappings = append(b.Mappings, SourceMapping(m))
	}
	return b, err
}

// rules puts match and mappings into rules.
func (m SourceMatch) into(r *identity.SourceRules) {
	r.Ours, r.Theirs = identity.MatchAttribute(m.Ours), m.Theirs
	r.Strategy, r.Trusted = identity.BindingStrategy(m.Strategy), nil
	if len(m.Trusted) > 0 {
		r.Trusted = listAs[identity.MatchAttribute](m.Trusted)
	}
}

func sourceMappings(list []SourceMapping) (mappings []identity.Mapping) {
	for _, m := range list {
		mappings = append(mappings, identity.Mapping(m))
	}
	return mappings
}

func (b NewSource) source() (n source.NewSource, err error) {
	n = source.NewSource{Name: b.Name, Kind: identity.SourceKind(b.Kind), Enabled: b.Enabled}
	b.Match.into(&n.Rules)
	n.Rules.Mappings = sourceMappings(b.Mappings)
	n.Settings, err = b.Settings.values()
	return n, err
}

// change is the edit; rules are those before, since match and mappings can be
// given apart.
func (b SourceChange) change(rules identity.SourceRules) (c source.SourceChange, err error) {
	c = source.SourceChange{Name: b.Name, Enabled: b.Enabled}
	if b.Match != nil {
		b.Match.into(&rules)
	}
	if b.Mappings != nil {
		rules.Mappings = sourceMappings(*b.Mappings)
	}
	if b.Match != nil || b.Mappings != nil {
		c.Rules = &rules
	}
	c.Settings, err = b.Settings.values()
	return c, err
}
