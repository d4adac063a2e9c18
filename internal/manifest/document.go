package manifest

import "time"

// Document is a whole manifest, of all its files together. It is a plain value:
// reading it again gives an equal one.
//
// The tags of its structs are the table that everything else is made from:
// key is the YAML key, need marks one that may not be missing, choices lists
// the only values, min and max bound a number, preset allows a name in place of
// a block, natural marks the key an object is found by, fold one that is compared
// without regard to case, once one that is used only together with a secret,
// whole a list of blocks that is compared as one value, and doc is the sentence of the manual. A pointer, a slice or a
// Secret that is not given leaves what is stored as it is.
type Document struct {
	Version       int            `key:"version" need:"yes" min:"1" max:"1" doc:"The version of the manifest's language: 1."`
	Provider      *Provider      `key:"provider" doc:"What stands above all organisations. At most one file has it."`
	Organizations []Organization `key:"organizations" doc:"The organisations. With --prune, one that is stored and not listed is removed with everything in it, if this key is given at all."`
}

// Provider is what stands above all organisations.
type Provider struct {
	At             Position        `key:"-"`
	Name           *string         `key:"name" doc:"The provider's name, 1 to 64 characters."`
	Administrators []Administrator `key:"administrators" doc:"Those who administer the installation."`
	AppIDs         []AppID         `key:"app_ids" doc:"App IDs of the provider: they sign in people of any organisation."`
	Mail           *Mail           `key:"mail" doc:"The server through which mails leave."`
	SMS            *SMS            `key:"sms" doc:"The gateway to which short messages go."`
	Messages       []Message       `key:"messages" doc:"Messages in words of the installation, which hold where an organisation has none of its own. With --prune, one that is stored and not listed is told in the built-in words again, if this key is given."`
	TimeZone       *string         `key:"time_zone" doc:"In whose days reports count, by its name in the time zone database, such as Asia/Shanghai. Default UTC."`
	Privacy        []PrivacyText   `key:"privacy_statement" doc:"The privacy statement that people accept before they go on, where their organisation has none of its own. Other words are published as its next version. With --prune, a language that is not listed is left out of it, and an empty list asks nobody any more, if this key is given."`
	MessageLimits  *MessageLimits  `key:"message_limits" doc:"How many messages may be sent that somebody can cause at will."`
	Accounts       *Accounts       `key:"accounts" doc:"What people may do by themselves."`
}

// Accounts say what people may do by themselves.
type Accounts struct {
	At            Position `key:"-"`
	Registration  *bool    `key:"registration" doc:"Whether whoever comes may make an account of their own. Default false."`
	Organizations *bool    `key:"organizations_by_people" doc:"Whether whoever has one may make organisations. Default false."`
	QuotaAtOnce   *bool    `key:"quota_at_once" doc:"Whether room for members and organisations that is asked for is given without a decision. Default false."`
}

// Administrator administers the installation.
type Administrator struct {
	At       Position `key:"-"`
	Account  string   `key:"account" need:"yes" natural:"yes" doc:"What is typed to sign in; the natural key. Unique in the whole system."`
	Name     string   `key:"name" need:"yes" doc:"The name shown. Used when the account is made."`
	Email    *string  `key:"email" doc:"The mail address. Used when the account is made."`
	Mobile   *string  `key:"mobile" doc:"The mobile number with its country code, such as +8613800000001. Used when the account is made."`
	Password Secret   `key:"password" doc:"A secret. Set when the account is made, and again when this value changes. Left out, one is made and printed once."`
}

// Mail is the server through which mails leave.
type Mail struct {
	At       Position `key:"-"`
	Host     string   `key:"host" need:"yes" doc:"The server's name."`
	Port     int      `key:"port" need:"yes" min:"1" max:"65535" doc:"The port: usually 587 with starttls, 465 with implicit."`
	Username *string  `key:"username" doc:"The account there; left out, mails are sent without signing in."`
	Password Secret   `key:"password" doc:"A secret: the account's password."`
	From     string   `key:"from" need:"yes" doc:"The sender: an address, or a name and an address in angle brackets."`
	TLS      string   `key:"tls" need:"yes" choices:"starttls,implicit,none" doc:"How the connection is protected. none is for a relay in the same network and allows no password."`
}

// SMS is the gateway to which short messages go.
type SMS struct {
	At     Position    `key:"-"`
	URL    string      `key:"url" need:"yes" doc:"The gateway's address."`
	Secret Secret      `key:"secret" doc:"A secret of at least 16 characters that signs each request. Left out, the one that is stored stays; a gateway with http needs none."`
	HTTP   *SMSRequest `key:"http" doc:"How a gateway is asked that has a language of its own. Left out, what is stored stays; an empty block is for a gateway that knows our signed JSON."`
}

// SMSRequest is how a gateway with a language of its own is asked.
type SMSRequest struct {
	At       Position    `key:"-"`
	Method   *string     `key:"method" choices:"POST,PUT,GET" doc:"Default POST."`
	Encoding *string     `key:"encoding" choices:"json,form" doc:"How the body is written. Default json; GET has none."`
	Headers  []SMSHeader `key:"headers" doc:"Headers such as Authorization: exactly these. Left out, those that are stored stay, as long as the gateway's host is the same; export leaves them out."`
	Body     *string     `key:"body" doc:"JSON or a form, with {mobile}, {text}, {code}, {template}, {language} and {id} in it. The address may hold them too."`
	Statuses []int       `key:"statuses" min:"100" max:"599" doc:"The statuses that mean success. Default: any of 200 to 299."`
	Path     *string     `key:"path" doc:"Where in a JSON answer it stands whether it went well, as in result.code."`
	Value    *string     `key:"value" doc:"What has to stand there."`
}

// SMSHeader is a header of a request to a gateway.
type SMSHeader struct {
	At    Position `key:"-"`
	Name  string   `key:"name" need:"yes" natural:"yes" doc:"The header's name."`
	Value Secret   `key:"value" need:"yes" doc:"A secret: what the header holds."`
}

// MessageLimits bound how many messages are sent.
type MessageLimits struct {
	At               Position `key:"-"`
	RecipientShort   *int     `key:"recipient_10_minutes" min:"-1" max:"1000000" doc:"To one address or number within ten minutes; 0 is the default, -1 no limit."`
	RecipientDay     *int     `key:"recipient_day" min:"-1" max:"1000000" doc:"To one address or number within a day."`
	OrganizationHour *int     `key:"organization_hour" min:"-1" max:"1000000" doc:"Invitations, offers and samples of one organisation within an hour."`
	OrganizationDay  *int     `key:"organization_day" min:"-1" max:"1000000" doc:"Likewise within a day."`
	SMSHour          *int     `key:"sms_hour" min:"-1" max:"1000000" doc:"Short messages of the whole installation within an hour."`
	SMSDay           *int     `key:"sms_day" min:"-1" max:"1000000" doc:"Likewise within a day."`
}

// PrivacyText is a privacy statement in one language.
type PrivacyText struct {
	At       Position `key:"-"`
	Language string   `key:"language" need:"yes" natural:"yes" choices:"en-US,zh-CN" doc:"The language; the natural key. Where a reader's is missing, the other is shown."`
	Title    string   `key:"title" need:"yes" doc:"One line of at most 100 characters."`
	Body     string   `key:"body" need:"yes" doc:"Plain text of at most 20000 characters. Lines that begin with # and a blank are headings, those that begin with - and a blank are points; empty lines divide paragraphs."`
}

// Message is how one kind of message is told in one language.
type Message struct {
	At       Position `key:"-"`
	Kind     string   `key:"kind" need:"yes" natural:"yes" doc:"What it is for, such as code; with the language the natural key. The kinds and their placeholders are in messages.md."`
	Language string   `key:"language" need:"yes" natural:"yes" choices:"en-US,zh-CN" doc:"The language."`
	Subject  *string  `key:"subject" doc:"The mail's subject: one line of at most 200 characters."`
	Body     *string  `key:"body" doc:"The mail: plain text of at most 10000 characters. {code} and the other placeholders stand for values."`
	SMS      *string  `key:"sms" doc:"The short message: one line of at most 500 characters."`
}

// Organization is a tenant with what belongs to it.
type Organization struct {
	At            Position       `key:"-"`
	Code          string         `key:"code" need:"yes" natural:"yes" doc:"The natural key: 1 to 32 letters, digits, dots, underscores and hyphens; compared without regard to case, never changes."`
	Name          string         `key:"name" need:"yes" doc:"The name, 1 to 64 characters. The topmost department bears it too."`
	Domain        *string        `key:"domain" doc:"What follows the @ of the organisation's accounts."`
	Domains       []string       `key:"domains" doc:"The organisation's domains: first its own, as in domain, then those added to it, which are on trial until they are proven. With --prune, one that is stored and not listed is removed, if this key is given."`
	Status        *string        `key:"status" choices:"active,frozen" doc:"In a frozen organisation nobody signs in and nothing is lost. Default active."`
	AutoCreate    *bool          `key:"auto_create_members" doc:"Whether an unknown person with a good proof becomes a member. Default true; an App ID may narrow it."`
	Everlasting   *bool          `key:"everlasting_signatures" doc:"Whether signatures that never expire are honoured. Default true; an App ID may narrow it."`
	Limits        *Limits        `key:"limits" preset:"limits" doc:"How large the organisation may become: orgid (5 levels, 999 departments; the default), meeting (10 levels, 10000 departments, 100 below one), or own numbers."`
	SignInRules   *SignInRules   `key:"sign_in_rules" doc:"What is asked when members sign in."`
	PasswordRules *PasswordRules `key:"password_rules" doc:"What a new password has to satisfy."`
	Profile       *Profile       `key:"profile" doc:"What the organisation tells about itself; no rule depends on it."`
	Attributes    []Attribute    `key:"attributes" doc:"The custom attributes that members may have; where some are defined, no others are newly written. With --prune, one that is stored and not listed is removed, if this key is given and no member has a value of it."`
	Departments   []Department   `key:"departments" doc:"The departments below the topmost one, which has the code 1, bears the organisation's name and is not listed. With --prune, one that is stored and not listed is removed, if this key is given."`
	Members       []Member       `key:"members" doc:"The members. A new organisation needs exactly one with the role owner. With --prune, one that is stored and not listed is removed, if this key is given."`
	Groups        []Group        `key:"groups" doc:"The groups of members. With --prune, one that is stored and not listed is removed, if this key is given."`
	Regions       []Region       `key:"regions" doc:"The parts of the network that access policies can name. With --prune, one that is stored and not listed is removed, if this key is given."`
	Messages      []Message      `key:"messages" doc:"Messages in the organisation's own words. With --prune, one that is stored and not listed is told as before again, if this key is given."`
	Privacy       []PrivacyText  `key:"privacy_statement" doc:"The organisation's own privacy statement, in place of that of the provider. Other words are published as its next version. With --prune, a language that is not listed is left out of it, and with an empty list that of the provider counts, if this key is given."`
	Resources     []Resource     `key:"resources" doc:"What the provider grants the organisation. Granted members are its limits.members. With --prune, one that is stored and not listed is taken back, if this key is given and nothing uses it."`
	Terminals     []Terminal     `key:"terminals" doc:"The hard terminals. With --prune, one that is stored and not listed is removed, if this key is given."`
	AppIDs        []AppID        `key:"app_ids" doc:"The organisation's App IDs. With --prune, one that is stored and not listed is removed, if this key is given."`
	Sources       []Source       `key:"sources" doc:"The authentication sources by which people can sign in to applications. With --prune, one that is stored and not listed is removed, if this key is given."`
	DomainSources []DomainSource `key:"domain_sources" doc:"By which source the people of a domain sign in, for domains that do not follow default_source. Others keep what is stored."`
	DefaultSource *string        `key:"default_source" fold:"yes" doc:"The name of the enabled source to which people of the organisation's domains are led who did not choose; empty for none."`
	Applications  []Application  `key:"applications" doc:"The applications that members sign in to. With --prune, one that is stored and not listed is removed, if this key is given."`
	Webhooks      []Webhook      `key:"webhooks" doc:"The addresses that are told of what happens, at most 20. With --prune, one that is stored and not listed is removed, if this key is given."`
	SSO           *SSO           `key:"sso" doc:"Enterprise sign-in: members sign in at the organisation's own centre. With --prune, an empty block removes what is stored."`
}

// DomainSource is by which source the people of one domain sign in.
type DomainSource struct {
	At     Position `key:"-"`
	Domain string   `key:"domain" need:"yes" natural:"yes" doc:"One of the organisation's domains."`
	Source *string  `key:"source" need:"yes" doc:"The name of a source of the organisation; empty for the default source."`
}

// Limits bound the size of an organisation.
type Limits struct {
	Members            *int `key:"members" min:"0" max:"1000000000" doc:"Members; 0 means no limit."`
	DepartmentLevels   *int `key:"department_levels" min:"0" max:"1000000000" doc:"Levels of departments, the topmost being the first; 0 means no limit."`
	Departments        *int `key:"departments" min:"0" max:"1000000000" doc:"Departments; 0 means no limit."`
	DepartmentChildren *int `key:"department_children" min:"0" max:"1000000000" doc:"Departments directly below one; 0 means no limit."`
	Domains            *int `key:"domains" min:"0" max:"100" doc:"Domains that may be added up to, the organisation's own among them; 0 means three."`
}

// SignInRules are what an organisation asks of its members' sign-in.
type SignInRules struct {
	LockAfter       *int           `key:"lock_after" min:"0" max:"1000" doc:"After so many failures the account is locked; 0 means five."`
	LockFor         *time.Duration `key:"lock_for" doc:"For how long, as in 5m; 0s means five minutes."`
	ContactsAsNames *bool          `key:"contacts_as_names" doc:"Whether members sign in by mobile number and mail address too. Default true."`
	MustChange      *bool          `key:"must_change_password" doc:"Whether a password that somebody else chose has to be changed. Default true."`
	ContactRequired *bool          `key:"contact_required" doc:"Whether whoever is entered has to have a mobile number or a mail address. Default false."`
}

// PasswordRules are what a new password has to satisfy.
type PasswordRules struct {
	MinLength       *int           `key:"min_length" min:"1" max:"64" doc:"The least number of characters. Default 8."`
	MaxLength       *int           `key:"max_length" min:"8" max:"1024" doc:"The greatest number of characters. Default 64."`
	MinClasses      *int           `key:"min_classes" min:"0" max:"4" doc:"How many of small letters, capital letters, digits and others must occur. Default 0."`
	LowerUpperDigit *bool          `key:"lower_upper_digit" doc:"Whether a small letter, a capital letter and a digit must occur. Default false."`
	ASCIIOnly       *bool          `key:"ascii_only" doc:"Whether only the characters of a keyboard are allowed. Default false."`
	MaxRepeats      *int           `key:"max_repeats" min:"0" max:"64" doc:"How often one character may come in a row; 0 means as often as you like. Default 0."`
	NotAccount      *bool          `key:"not_account" doc:"Whether the account name and its reverse are forbidden. Default false."`
	MinDifferent    *int           `key:"min_different" min:"0" max:"64" doc:"How many characters must differ from the old password. Default 0."`
	History         *int           `key:"history" min:"0" max:"24" doc:"How many earlier passwords may not come again. Default 0."`
	MinAge          *time.Duration `key:"min_age" doc:"How old a password must be before its holder may change it, as in 5m. Default 0s."`
	RefuseBreached  *bool          `key:"refuse_breached" doc:"Whether passwords on the list of well-known ones are refused. Default true."`
}

// Profile is what an organisation tells about itself.
type Profile struct {
	Address     *string `key:"address" doc:"The postal address."`
	Phone       *string `key:"phone" doc:"The telephone number."`
	Fax         *string `key:"fax" doc:"The fax number."`
	Email       *string `key:"email" doc:"The mail address."`
	Country     *string `key:"country" doc:"The country, by its symbolic name such as chinaPR."`
	Description *string `key:"description" doc:"A description."`
	Language    *string `key:"language" doc:"The language, as in zh-CN."`
}

// Attribute is a custom attribute that members may have.
type Attribute struct {
	At         Position `key:"-"`
	Key        string   `key:"key" need:"yes" natural:"yes" doc:"1 to 64 letters, digits and the characters . _ -; the natural key."`
	Label      string   `key:"label" need:"yes" doc:"What people read, 1 to 64 characters."`
	Type       string   `key:"type" need:"yes" choices:"text,choice,choices,date,number" doc:"What values are like: a date is written as 2030-12-31, several choices are joined by |. Never changes."`
	Masked     *bool    `key:"masked" doc:"Of a text: whether who does not manage members is shown •••• in place of a value. Default false; never changes."`
	Candidates []string `key:"candidates" doc:"Of a choice: what may be chosen, each without |. Never changes."`
	Required   *bool    `key:"required" doc:"Whether somebody who is entered through the management API or an import has to have a value. Default false; never changes."`
	Shown      *bool    `key:"shown" doc:"Whether who does not manage members is shown it. Default true."`
	Position   *int     `key:"position" min:"1" max:"10000" doc:"Smaller comes first. Default 10000."`
}

// Department is a node of an organisation's tree.
type Department struct {
	At         Position `key:"-"`
	Code       string   `key:"code" need:"yes" natural:"yes" doc:"The natural key: 1 to 64 letters, digits, dots, underscores, hyphens and @; never changes."`
	Name       string   `key:"name" need:"yes" doc:"The name, 1 to 128 characters, unique among its siblings."`
	Parent     *string  `key:"parent" fold:"yes" doc:"The code of the department above it. A new department without one stands below the topmost department, \"1\"."`
	SortLevel  *int     `key:"sort_level" min:"1" max:"10000" doc:"Smaller sorts first. Default 10000."`
	Note       *string  `key:"note" doc:"A remark of at most 96 characters."`
	Open       *bool    `key:"open" doc:"Whether all members see this department's people, however far they see otherwise. Default false."`
	Sees       *string  `key:"sees" choices:"all,own,own_and_below,designated" doc:"Whom the department's own people see in the directory. Default all."`
	Designated []string `key:"designated" fold:"yes" doc:"Codes of at most 150 departments that they see, with what is below them; only where sees is designated."`
}

// Member is an account's place in an organisation.
type Member struct {
	At           Position          `key:"-"`
	Account      string            `key:"account" need:"yes" natural:"yes" doc:"What is typed to sign in; the natural key. Unique in the whole system."`
	Name         string            `key:"name" need:"yes" doc:"The name, 1 to 64 characters."`
	EnglishName  *string           `key:"english_name" doc:"The English name, at most 64 characters."`
	ThirdAccount *string           `key:"third_account" doc:"The member's id in the third party's system, unique in the organisation; at most 64 characters, no colon."`
	Role         *string           `key:"role" choices:"owner,administrator,department_administrator,member" doc:"owner is the default administrator, exactly one in each organisation; naming another member owner hands the role over. Default member."`
	Administers  []string          `key:"administers" fold:"yes" doc:"Of a department_administrator: the codes of the departments, exactly these. What hangs below them belongs to it."`
	Status       *string           `key:"status" choices:"active,disabled" doc:"A disabled member cannot sign in. Default active."`
	Department   *string           `key:"department" fold:"yes" doc:"The code of the department. Default \"1\"."`
	Email        *string           `key:"email" doc:"The mail address."`
	Mobile       *string           `key:"mobile" doc:"The mobile number with its country code, such as +8613800000001."`
	Country      *string           `key:"country" doc:"The country, by its symbolic name such as chinaPR."`
	Title        *string           `key:"title" doc:"The position, at most 32 characters."`
	Signature    *string           `key:"signature" doc:"The signature, at most 512 characters."`
	Description  *string           `key:"description" doc:"A description, at most 128 characters."`
	SortLevel    *int              `key:"sort_level" min:"1" max:"10000" doc:"Smaller sorts first. Default 10000."`
	HideMobile   *bool             `key:"hide_mobile" doc:"Whether other members do not see the mobile number. Default false."`
	Attributes   map[string]string `key:"attributes" doc:"Custom attributes: exactly these."`
	Password     Secret            `key:"password" doc:"A secret. Set when the member is made, and again when this value changes; it counts as the person's own. Left out, one is made and printed once."`
	MustChange   *bool             `key:"must_change_password" once:"yes" doc:"Whether the password given here has to be changed at the first sign-in. Default false."`
}

// Group is a set of members.
type Group struct {
	At          Position `key:"-"`
	Name        string   `key:"name" need:"yes" natural:"yes" doc:"The name, 1 to 64 characters; the natural key, compared without regard to case."`
	Description *string  `key:"description" doc:"A description, at most 255 characters."`
	Members     []string `key:"members" fold:"yes" doc:"The accounts of the members: exactly these. Left out, whoever is in the group stays."`
	Owners      []string `key:"owners" fold:"yes" doc:"The accounts of the members, at most 50, who may say who is in the group: exactly these. Left out, whoever owns it stays."`
}

// Region is a part of the network that access policies can name.
type Region struct {
	At          Position `key:"-"`
	Name        string   `key:"name" need:"yes" natural:"yes" doc:"The name, 1 to 64 characters; the natural key, compared without regard to case."`
	Network     string   `key:"network" need:"yes" doc:"The network in the notation of CIDR, such as 10.0.0.0/8 or 2001:db8::/32; unique in the organisation."`
	Description *string  `key:"description" doc:"A description, at most 255 characters."`
}

// Resource is what the provider grants an organisation: so many of one kind
// until an instant.
type Resource struct {
	At       Position `key:"-"`
	ID       string   `key:"id" need:"yes" natural:"yes" doc:"The provider's name for it, 1 to 64 printable ASCII characters without blanks; with kind the natural key."`
	Kind     string   `key:"kind" need:"yes" natural:"yes" choices:"meeting_rooms,participants,terminals_1080p,terminals_720p,terminals_third_party,members,whiteboards,live_streams,recording_gigabytes,smart_screens,idea_hubs" doc:"What is granted."`
	Package  *string  `key:"package" choices:"vmr10,vmr25,vmr50,vmr100,vmr200,vmr300,vmr400,vmr500" doc:"The size of meeting rooms; other kinds have none. Default vmr10. Never changes."`
	Count    int      `key:"count" need:"yes" min:"1" max:"100000000" doc:"How many; of meeting rooms at most 1000."`
	EndsAt   string   `key:"ends_at" need:"yes" doc:"From when on it counts no more, in quotes, as in \"2030-12-31T23:59:59Z\"."`
	Disabled *bool    `key:"disabled" doc:"Whether it does not count although it has not ended. Default false."`
	Order    *string  `key:"order" doc:"The provider's order, at most 64 characters."`
}

// Terminal is a hard terminal of an organisation.
type Terminal struct {
	At          Position `key:"-"`
	Serial      string   `key:"serial" need:"yes" natural:"yes" doc:"The number its maker gave it, 1 to 64 letters, digits and underscores; the natural key, compared without regard to case."`
	Name        string   `key:"name" need:"yes" doc:"The name, 1 to 64 characters."`
	Model       string   `key:"model" need:"yes" doc:"The model, such as TE20. Never changes."`
	Projection  *string  `key:"projection" choices:"automatic,simple,complex" doc:"How it makes the code by which screens are projected to it. Default automatic."`
	Department  *string  `key:"department" fold:"yes" doc:"The code of the department that it stands in. Default the topmost."`
	Mobile      *string  `key:"mobile" doc:"The mobile number of whoever looks after it, with its country code. A new terminal needs this or email."`
	Country     *string  `key:"country" doc:"The country of the number, by its symbolic name. Default chinaPR."`
	Email       *string  `key:"email" doc:"The mail address of whoever looks after it."`
	Description *string  `key:"description" doc:"A description, at most 128 characters."`
	Disabled    *bool    `key:"disabled" doc:"Whether it cannot sign in. Default false."`
}

// AppID is a third-party server's identity at the REST login.
type AppID struct {
	At          Position       `key:"-"`
	Name        string         `key:"name" need:"yes" doc:"The name, 1 to 64 characters."`
	ID          string         `key:"app_id" need:"yes" natural:"yes" doc:"The App ID, 32 hexadecimal digits in lower case; the natural key. Unique in the whole system."`
	Key         Secret         `key:"app_key" doc:"A secret of 32 to 128 printable ASCII characters without blanks. Left out, one is made and printed once. When this value changes, the key before lives for 30 days more."`
	Description *string        `key:"description" doc:"A description, at most 255 characters."`
	Status      *string        `key:"status" choices:"active,disabled" doc:"A disabled App ID is refused. Default active."`
	AutoCreate  *bool          `key:"auto_create_members" doc:"false forbids this App ID to add unknown people. Default true."`
	Everlasting *bool          `key:"everlasting" doc:"false refuses signatures of this App ID that never expire. Default true."`
	MaxAhead    *time.Duration `key:"max_ahead" doc:"How far ahead the end of a signature may lie, as in 720h. Default 720h."`
}

// Application is a program that members sign in to.
type Application struct {
	At               Position           `key:"-"`
	Name             string             `key:"name" need:"yes" doc:"The name, 1 to 64 characters."`
	Protocol         string             `key:"protocol" need:"yes" choices:"oidc,oauth2,cas" doc:"The language in which it asks who is signed in; it never changes."`
	ClientID         string             `key:"client_id" need:"yes" natural:"yes" doc:"What it calls itself, 1 to 64 letters, digits and the characters . _ ~ -; the natural key. Unique in the whole system."`
	ClientSecret     Secret             `key:"client_secret" doc:"A secret of 32 to 256 printable ASCII characters without blanks. Left out, one is made and printed once. When this value changes, the secret before lives for a day more. CAS has none."`
	Public           *bool              `key:"public" doc:"Whether it can keep no secret, as a program on people's devices; PKCE is demanded then. It never changes. Default false."`
	Description      *string            `key:"description" doc:"A description, at most 255 characters."`
	Status           *string            `key:"status" choices:"active,disabled" doc:"Nobody enters a disabled application, and all that was granted to it ends. Default active."`
	Responsible      *string            `key:"responsible" fold:"yes" doc:"The account of the administrator who alone may change it, besides the provider. Default nobody."`
	Icon             Picture            `key:"icon" doc:"The picture on sign-in pages: JPEG or PNG, 240×240 pixels, at most 20 KiB. Empty for none."`
	HomeURLs         []string           `key:"home_urls" doc:"Where a person arrives: 1 to 20 redirect URIs, or services of CAS, compared byte by byte. https; http for the person's own machine; a scheme of its own for a public application."`
	ExitURL          *string            `key:"exit_url" doc:"The only address a person is sent to after signing out there."`
	AdministratorURL *string            `key:"administrator_url" doc:"Where its administrators sign in."`
	BackchannelURL   *string            `key:"backchannel_logout_url" doc:"Is told when a session ends (OpenID Connect Back-Channel Logout 1.0)."`
	AuthMethods      []string           `key:"auth_methods" doc:"How it proves itself: client_secret_basic and client_secret_post, which is the default; none for a public one."`
	Grants           []string           `key:"grants" doc:"authorization_code, refresh_token, client_credentials. Default all; without client_credentials for a public one."`
	RequirePKCE      *bool              `key:"require_pkce" doc:"Whether PKCE is demanded. Default false; true always for a public one."`
	Scopes           []string           `key:"scopes" doc:"What it may ask for. Default profile, email, phone, and with oidc openid and offline_access. Taking one away ends all that was granted."`
	AccessFormat     *string            `key:"access_token_format" choices:"opaque,jwt" doc:"The form of its access tokens. Default opaque."`
	AccessAlgorithm  *string            `key:"access_token_alg" choices:"RS256,RS384,RS512,ES256" doc:"Signs its access tokens where they are JWT. Default ES256."`
	Audiences        []string           `key:"audiences" doc:"The resource servers its JWT access tokens are for. Default the issuer."`
	AccessLife       *time.Duration     `key:"access_token_life" doc:"From 1m to 24h. Default 2h."`
	RefreshLife      *time.Duration     `key:"refresh_token_life" doc:"From 1m to 8760h. Default 720h."`
	IDTokenLife      *time.Duration     `key:"id_token_life" doc:"From 1m to 24h. Default 1h."`
	RefreshGrace     *time.Duration     `key:"refresh_grace" doc:"For how long, up to 1m, a refresh token that was just used is answered once more. Default 0s."`
	IDTokenAlgorithm *string            `key:"id_token_alg" choices:"RS256,RS384,RS512,ES256" doc:"Signs its ID tokens. Default RS256."`
	Introspectors    []string           `key:"introspectors" doc:"Client ids of resource servers that may inspect its tokens."`
	CAS              *CASSettings       `key:"cas" doc:"What CAS adds. An application of CAS has neither a secret nor the settings of tokens above."`
	Consent          *bool              `key:"consent" doc:"Whether each person is asked before their data is released. Default false."`
	Access           *ApplicationAccess `key:"access" doc:"Who may enter; a block that is given says all of it. Default nobody."`
	Sources          []string           `key:"sources" fold:"yes" doc:"Names of authentication sources of the organisation by which people may sign in to it, in the order in which they are offered; each once, at most three of one kind."`
	AccessControl    *AccessControl     `key:"access_control" doc:"When and from where people may enter, of those who may; a block that is given says all of it. Default everybody at any time."`
	Sync             *ApplicationSync   `key:"sync" doc:"How it is told of its organisation (sync integration); the secret that its receiver is told is client_secret. With --prune, an empty block removes what is stored."`
	Claims           []ClaimRule        `key:"claims" whole:"yes" doc:"What is released besides what the scopes release: exactly these."`
}

// CASSettings is what CAS adds to an application.
type CASSettings struct {
	ServicePrefixes []string `key:"service_prefixes" doc:"Addresses with a path, at most 20. Each address at the same host whose path goes on there, segment by segment, is a service besides the home URLs."`
	Proxy           *bool    `key:"proxy" doc:"Whether it may act for people at other applications. Default false."`
	SingleLogout    *bool    `key:"single_logout" doc:"Whether it is told at the end of a session. Default true."`
	LogoutURL       *string  `key:"logout_url" doc:"Is told in place of the service that was entered."`
}

// ApplicationAccess says who may enter an application.
type ApplicationAccess struct {
	Everyone    *bool    `key:"everyone" doc:"Every member of the organisation. Default false."`
	Members     []string `key:"members" fold:"yes" doc:"Accounts of members."`
	Departments []string `key:"departments" fold:"yes" doc:"Codes of departments; whoever is below them may enter too."`
	Groups      []string `key:"groups" fold:"yes" doc:"Names of groups."`
}

// AccessControl says when and from where people may enter an application.
type AccessControl struct {
	Enabled  *bool          `key:"enabled" doc:"Whether the policies are asked. Default false."`
	Default  *string        `key:"default" choices:"allow,deny" doc:"What holds where no policy does; needed where enabled is true."`
	Policies []AccessPolicy `key:"policies" whole:"yes" doc:"The policies in their order, at most 50: the first that holds decides."`
}

// ApplicationSync is how an application is told of its organisation.
type ApplicationSync struct {
	Enabled         *bool   `key:"enabled" doc:"Whether it is told. Default false. A value that is missing is told only once this is true."`
	CallbackURL     *string `key:"callback_url" doc:"The receiver's address, https with the name of a host, to which /produceAPI/… is appended."`
	SignatureKey    Secret  `key:"signature_key" doc:"A secret of 8 to 128 printable ASCII characters without blanks that signs the calls."`
	PublicKey       *string `key:"public_key" doc:"The receiver's RSA key of 3072 bits or more, in PEM or its content in base64."`
	Digest          *string `key:"digest" choices:"sha256,sha1" doc:"The digest behind signatures and encryption; sha1 is weak. Default sha256."`
	Wire            *string `key:"wire" choices:"v1,v2" doc:"The form of the calls. Default v2."`
	VerifyAnswers   *bool   `key:"verify_answers" doc:"Whether answers that are not signed are refused. Default false."`
	ReleasePersonal *bool   `key:"release_personal" doc:"Whether mobile numbers, mail addresses, and when and where somebody works are told. Default false."`
}

// AccessPolicy is an access policy of an application.
type AccessPolicy struct {
	At          Position `key:"-"`
	Name        string   `key:"name" need:"yes" doc:"The name, 1 to 64 characters, unique at the application; compared without regard to case."`
	Description *string  `key:"description" doc:"A description, at most 255 characters."`
	Weekdays    []string `key:"weekdays" doc:"monday to sunday; none is each day."`
	From        *string  `key:"from" doc:"The first day, such as 2030-01-31."`
	Until       *string  `key:"until" doc:"The last day, such as 2030-12-31."`
	Starts      *string  `key:"starts" doc:"The hour at which it begins to hold on each day, such as 09:00."`
	Ends        *string  `key:"ends" doc:"The hour from which it holds no more, such as 17:30 or 24:00. One that is not after the start lies on the following day."`
	Zone        *string  `key:"zone" doc:"The name of the time zone in which days and hours are read. Default Asia/Shanghai (UTC+08:00)."`
	Regions     []string `key:"regions" fold:"yes" doc:"Names of regions, any of which will do; none is everywhere."`
	Decision    string   `key:"decision" need:"yes" choices:"allow,deny,second_verification" doc:"What it says."`
	ReportOnly  *bool    `key:"report_only" doc:"Whether it is looked at and told of, and decides nothing. Default false."`
}

// ClaimRule releases an attribute of a member under a name of the
// application's choice.
type ClaimRule struct {
	At        Position `key:"-"`
	Attribute string   `key:"attribute" need:"yes" doc:"user_id, name, english_name, account, email, mobile, language, third_account, employee_number, title, sip_number, role, department, groups, organization_code, organization_name, or attribute: with the key of a custom attribute."`
	Claim     string   `key:"claim" need:"yes" doc:"The application's name for it."`
}

// SSO is enterprise sign-in: people type the domain and sign in at the
// organisation's own authentication centre.
type SSO struct {
	At           Position    `key:"-"`
	Enabled      *bool       `key:"enabled" doc:"Whether members sign in through the centre, and no longer with a password. Default false. A value that is missing or wrong is told only once this is true."`
	Domain       *string     `key:"domain" doc:"What people type to be led to the centre; unique in the whole system."`
	AuthorizeURL *string     `key:"authorize_url" doc:"The page of the centre on which people sign in."`
	TokenURL     *string     `key:"token_url" doc:"Where the code of a sign-in is exchanged for a token."`
	UserInfoURL  *string     `key:"userinfo_url" doc:"Where account, name and contact information are asked for. Left out, the ID token or the token answer has to hold the account."`
	ClientID     *string     `key:"client_id" doc:"What the centre calls this installation."`
	ClientSecret Secret      `key:"client_secret" doc:"A secret: issued by the centre with the client id. Needed when token_url or userinfo_url changes."`
	Scope        *string     `key:"scope" doc:"What is asked of the centre, such as snsapi_login; with openid the ID token is verified too. Default: none is sent."`
	Dialect      *string     `key:"dialect" choices:"auto,oauth2,wechat" doc:"How the centre wants to be asked. auto recognises WeChat-like centres by their addresses. Default auto."`
	TokenStyle   *string     `key:"token_style" choices:"body,header" doc:"Where client id and secret go in a request to token_url; a WeChat-like centre has its own way. Default body."`
	PKCE         *bool       `key:"pkce" doc:"false leaves out the challenge of RFC 7636, for a centre that refuses parameters it does not know. Default true."`
	AccountField *string     `key:"account_field" doc:"The field that holds the person's account: members are found by it as their third_account. A dot leads into an object."`
	Fields       *SSOFields  `key:"fields" doc:"The names of the other fields in the centre's answers."`
	Schemes      *SSOSchemes `key:"schemes" doc:"What is opened after a sign-in, so that a client continues."`
	ExitURL      *string     `key:"exit_url" doc:"Where people sign out of the centre after they signed out here; {return_url} in its query stands for the address to come back to."`
	AutoCreate   *bool       `key:"auto_create_members" doc:"false refuses people who are no members yet. Default: as the organisation has it."`
}

// SSOFields are the names of fields in a centre's answers.
type SSOFields struct {
	Name        *string `key:"name" doc:"The person's name."`
	Email       *string `key:"email" doc:"The mail address."`
	Mobile      *string `key:"mobile" doc:"The mobile number."`
	AccessToken *string `key:"access_token" doc:"The access token, in the answer of token_url. Default access_token."`
	Picture     *string `key:"picture" doc:"The address of the person's picture."`
}

// SSOSchemes are the addresses that start clients.
type SSOSchemes struct {
	PC      *string `key:"pc" doc:"Starts the PC client, as in orgate-pc://login."`
	Android *string `key:"android" doc:"Starts the Android app."`
	IOS     *string `key:"ios" doc:"Starts the iOS app."`
}
