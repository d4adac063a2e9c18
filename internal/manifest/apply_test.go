package manifest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// every sets every key that can be set, in two ways; %s is the first or second
// choice of each pair.
const every = `version: 1
provider:
  name: {Provider|Reseller}
  time_zone: {Asia/Shanghai|Europe/London}
  administrators:
    - {account: root@sp.example, name: Root, email: root@sp.example, mobile: "+8613800000009", password: {first pass-word|second pass-word}}
  app_ids:
    - {name: {reseller|other}, app_id: 00112233445566778899aabbccddeeff, app_key: {kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk|jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj}, description: {one|two}, status: {active|disabled}, auto_create_members: {true|false}, everlasting: {true|false}, max_ahead: {1h|2h}}
  mail: {host: {a.example|b.example}, port: {25|26}, username: {u|v}, password: {mail one|mail two}, from: {a@b.example|c@b.example}, tls: {starttls|implicit}}
  sms: {url: {https://a.example/|https://b.example/}, secret: {sixteen characters one|sixteen characters two}, http: {method: {POST|PUT}, encoding: form, headers: [{name: X-Key, value: {header word one|header word two}}], body: "mobile={mobile}&k={a|b}", statuses: {[200]|[200, 202]}, path: {code|result.code}, value: {OK|"0"}}}
  messages: [{kind: registered, language: en-US, subject: {You|Your account}, body: "{Hello|Welcome} {account}", sms: "{It is|Account} {account}"}]
  privacy_statement: [{language: en-US, title: {Data|Your data}, body: {All|Some}}]
  message_limits: {recipient_10_minutes: {3|4}, recipient_day: {5|6}, organization_hour: {7|-1}, organization_day: {8|9}, sms_hour: {10|11}, sms_day: {12|13}}
  accounts: {registration: {true|false}, organizations_by_people: {false|true}, quota_at_once: {true|false}}
organizations:
  - code: acme
    name: {Acme|Acme Ltd}
    domain: {a.example|b.example}
    domains: [{a.example|b.example}, led.example, {c.example|d.example}]
    status: {active|frozen}
    auto_create_members: {true|false}
    everlasting_signatures: {true|false}
    limits: {members: {50|60}, department_levels: {6|7}, departments: {80|90}, department_children: {8|9}, domains: {4|5}}
    sign_in_rules: {lock_after: {3|4}, lock_for: {1m|2m}, contacts_as_names: {true|false}, must_change_password: {true|false}, contact_required: {false|true}}
    password_rules: {min_length: {8|9}, max_length: {63|64}, min_classes: {0|1}, lower_upper_digit: {false|true}, ascii_only: {true|false}, max_repeats: {5|6}, not_account: {true|false}, min_different: {1|2}, history: {1|2}, min_age: {1m|2m}, refuse_breached: {true|false}}
    profile: {address: {Here|There}, phone: {"1"|"2"}, fax: {"3"|"4"}, email: {a@b.c|b@b.c}, country: {UK|CZ}, description: {a|b}, language: {en-US|zh-CN}}
    attributes:
      - {key: badge, label: {Badge|Card}, type: text, masked: true, required: true, shown: {false|true}, position: {2|3}}
      - {key: x, label: X, type: text}
      - {key: z, label: Z, type: text}
      - {key: size, label: Size, type: choices, candidates: [S, M]}
    departments:
      - {code: rd, name: {Research|Rising}, sort_level: {1|2}, note: {one|two}, open: {true|false}, sees: designated, designated: {[lab]|[lab, "1"]}}
      - {code: lab, name: Lab, parent: {rd|"1"}}
    members:
      - {account: owner, name: Owner, email: owner@b.example, role: owner, password: {First-word-1|Second-word-2}}
      - {account: alice, name: {Alice|Alicia}, english_name: {Al|Ally}, third_account: {t1|t2}, role: {administrator|member}, status: {active|disabled}, department: {rd|lab}, email: {a@b.example|b@b.example}, mobile: {"+8613800000001"|"+8613800000002"}, country: {UK|CZ}, title: {Dr|Prof}, signature: {hi|ho}, description: {d|e}, sort_level: {5|6}, hide_mobile: {true|false}, attributes: {badge: {"1"|"2"}, {x: y|z: y}}, password: {Third-word-3|Fourth-word-4}, must_change_password: {true|false}}
      - {account: dora, name: Dora, mobile: "+8613800000005", role: department_administrator, administers: {[rd]|[lab]}, password: Fifth-word-5}
    regions:
      - {name: Office, network: {10.0.0.0/8|192.0.2.0/24}, description: {one|two}}
    messages:
      - {kind: code, language: zh-CN, subject: {Code|Number}, body: "{Code|Number} {code}", sms: "{Code|Number} {code}"}
    privacy_statement:
      - {language: zh-CN, title: {Data|Your data}, body: {All|Some}}
    resources:
      - {id: hd-1, kind: terminals_1080p, count: {5|6}, ends_at: {"2031-01-01T00:00:00Z"|"2032-01-01T00:00:00+08:00"}, disabled: {false|true}, order: {o-1|o-2}}
      - {id: hd-2, kind: terminals_1080p, count: 9, ends_at: "2039-01-01T00:00:00Z"}
      - {id: vmr, kind: meeting_rooms, package: vmr50, count: 2, ends_at: "2031-01-01T00:00:00.5Z"}
    terminals:
      - {serial: SN_1, name: {Hall|Foyer}, model: TE20, projection: {simple|complex}, department: {rd|lab}, mobile: {"+8613800000003"|"+8613800000004"}, country: {UK|CZ}, email: {it@b.example|is@b.example}, description: {one|two}, disabled: {true|false}}
    groups:
      - {name: writers, description: {who write|who wrote}, members: {[owner, alice]|[Alice]}, owners: {[dora]|[alice, owner]}}
    app_ids:
      - {name: {crm|erp}, app_id: ffeeddccbbaa99887766554433221100, app_key: {mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm|nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn}, description: {one|two}, status: {disabled|active}, auto_create_members: {false|true}, everlasting: {false|true}, max_ahead: {3h|4h}}
    sources:
      - name: university
        kind: cas
        settings:
          login_url: {https://a.example/login|https://b.example/login}
          validate_url: {https://a.example/p3/serviceValidate|https://b.example/serviceValidate}
          version: {"3"|"2"}
          format: {json|xml}
          subject_field: {uid|user}
          exit_url: {https://a.example/logout|https://b.example/logout}
      - name: subsidiary
        kind: oidc
        enabled: {true|false}
        match: {ours: email, theirs: email}
        settings:
          issuer: {https://a.example|https://b.example}
          jwks_url: {https://a.example/keys|https://b.example/keys}
          scope: {[openid]|[openid, phone]}
          client_id: one
          client_secret: {source secret one|source secret two}
      - name: partners
        kind: oauth2
        enabled: {true|false}
        icon: {base64:iVBORw0KGgoAAAANSUhEUgAAAPAAAADwAQMAAAAEm3vRAAAAA1BMVEXIHh4WiPieAAAAIklEQVR42uzAAQ0AAADCIPuntscHAwAAAAAAAIh6AAAA//8dEAABOmfpigAAAABJRU5ErkJggg==|base64:iVBORw0KGgoAAAANSUhEUgAAAPAAAADwAQMAAAAEm3vRAAAAA1BMVEUeHsjwPMb9AAAAIklEQVR42uzAAQ0AAADCIPuntscHAwAAAAAAAIh6AAAA//8dEAABOmfpigAAAABJRU5ErkJggg==}
        match: {ours: {email|account}, theirs: {mail|login}, strategy: {bind|create}, trusted: {[email]|[mobile, email]}}
        mappings: [{ours: {title|name}, theirs: {job|label}}, {ours: attributes.badge, fixed: {a|b}}]
        settings:
          authorize_url: {https://a.example/authorize|https://b.example/authorize}
          token_url: {https://a.example/token|https://b.example/token}
          userinfo_url: {https://a.example/me|https://b.example/me}
          scope: {[openid]|[openid, email]}
          client_id: {one|two}
          client_secret: {source secret one|source secret two}
          auth_method: {private_key_jwt|client_secret_post}
          private_key: {"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIOvnjvGZMlVBUaHcqW7Uv3O6qpkqSM/L65T7nQcpcI6/\n-----END PRIVATE KEY-----\n"|"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINUsp3Pvfc03+ZLoLpak0dov1ncwCroA1dbQ3gb6SrKG\n-----END PRIVATE KEY-----\n"}
          key_id: {one|two}
          grant_type: authorization_code
          pkce: {false|true}
          dialect: {oauth2|wechat}
          subject_field: {sub|openid}
          exit_url: {https://a.example/out|https://b.example/out}
    domain_sources: [{domain: led.example, source: {partners|""}}]
    default_source: {partners|""}
    applications:
      - name: {Wiki|Weka}
        protocol: oidc
        client_id: wiki
        client_secret: {wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww|vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv}
        public: false
        description: {one|two}
        status: {active|disabled}
        responsible: {owner|""}
        icon: {base64:iVBORw0KGgoAAAANSUhEUgAAAPAAAADwAQMAAAAEm3vRAAAAA1BMVEXIHh4WiPieAAAAIklEQVR42uzAAQ0AAADCIPuntscHAwAAAAAAAIh6AAAA//8dEAABOmfpigAAAABJRU5ErkJggg==|base64:iVBORw0KGgoAAAANSUhEUgAAAPAAAADwAQMAAAAEm3vRAAAAA1BMVEUeHsjwPMb9AAAAIklEQVR42uzAAQ0AAADCIPuntscHAwAAAAAAAIh6AAAA//8dEAABOmfpigAAAABJRU5ErkJggg==}
        home_urls: {["https://a.example/cb", "http://localhost/cb"]|["https://b.example/cb"]}
        exit_url: {"https://a.example/bye"|"https://b.example/bye"}
        administrator_url: {"https://a.example/admin"|"https://b.example/admin"}
        backchannel_logout_url: {"https://a.example/out"|"https://b.example/out"}
        auth_methods: {[client_secret_basic]|[client_secret_post]}
        grants: {[authorization_code]|[authorization_code, refresh_token]}
        require_pkce: {true|false}
        scopes: {[openid]|[openid, api.read]}
        access_token_format: {jwt|opaque}
        access_token_alg: {RS256|ES256}
        audiences: {["https://api.example"]|["https://other.example"]}
        access_token_life: {1m|2m}
        refresh_token_life: {3m|4m}
        id_token_life: {5m|6m}
        refresh_grace: {7s|8s}
        id_token_alg: {RS512|ES256}
        introspectors: {[one]|[two]}
        consent: {true|false}
        sources: {[partners]|[]}
        access: {everyone: {true|false}, members: {[owner, alice]|[Alice]}, departments: {[rd, "1"]|[lab]}, groups: {[Writers]|[]}}
        access_control:
          enabled: {true|false}
          default: {deny|allow}
          policies:
            - {name: {Days|Nights}, description: {one|two}, weekdays: {[monday, friday]|[sunday]}, from: {"2030-01-01"|"2030-01-02"}, until: {"2030-12-30"|"2030-12-31"}, starts: {"08:00"|"22:00"}, ends: {"18:00"|"06:00"}, zone: {Europe/Berlin|UTC}, regions: {[Office]|[]}, decision: {second_verification|deny}, report_only: {true|false}}
            - {name: Rest, decision: allow}
        sync:
          enabled: {true|false}
          callback_url: {https://a.example/in|https://b.example/in}
          signature_key: {sync-key-one|sync-key-two}
          public_key: {RECEIVER|SAME_RECEIVER}
          digest: {sha1|sha256}
          wire: {v1|v2}
          verify_answers: {true|false}
          release_personal: {true|false}
        claims: [{attribute: {title|name}, claim: {job|label}}, {attribute: "attribute:badge", claim: badge}]
      - name: Board
        protocol: cas
        client_id: board
        home_urls: ["https://board.example/in"]
        cas:
          service_prefixes: {["https://board.example/a/"]|["https://board.example/b/"]}
          proxy: {true|false}
          single_logout: {false|true}
          logout_url: {"https://board.example/out"|"https://board.example/off"}
    webhooks:
      - {name: Payroll, url: {https://a.example/in|https://b.example/in}, events: {["member.*"]|["*"]}, enabled: {false|true}, secret: {whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw|whsec_NfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw}}
    sso:
      enabled: {true|false}
      domain: {sso.a.example|sso.b.example}
      authorize_url: {https://a.example/authorize|https://b.example/authorize}
      token_url: {https://a.example/token|https://b.example/token}
      userinfo_url: {https://a.example/me|https://b.example/me}
      exit_url: {https://a.example/out|https://b.example/out}
      client_id: {one|two}
      client_secret: {centre secret one|centre secret two}
      scope: {openid|openid email}
      dialect: {oauth2|wechat}
      token_style: {header|body}
      pkce: {false|true}
      account_field: {sub|openid}
      fields: {name: {name|nickname}, email: {email|mail}, mobile: {mobile|phone}, access_token: {access_token|token}, picture: {picture|photo}}
      schemes: {pc: {"a-pc://login"|"b-pc://login"}, android: {"a-android://login"|"b-android://login"}, ios: {"a-ios://login"|"b-ios://login"}}
      auto_create_members: {false|true}
`

// everyKey is every with the keys of a receiver in it.
func everyKey() string {
	return strings.NewReplacer("SAME_RECEIVER", receiverKeyBare(), "RECEIVER", strconv.Quote(receiverKey())).Replace(every)
}

// choose takes one of each pair {first|second}.
func choose(text string, second bool) string {
	for {
		bar := strings.IndexByte(text, '|')
		if bar < 0 {
			return text
		}
		begin, end := strings.LastIndexByte(text[:bar], '{'), bar+strings.IndexByte(text[bar:], '}')
		chosen := text[begin+1 : bar]
		if second {
			chosen = text[bar+1 : end]
		}
		text = text[:begin] + chosen + text[end+1:]
	}
}

// complete requires that every key of a struct is given, in at least one of the
// items where there are several.
func complete(t *testing.T, path string, items ...reflect.Value) {
	for _, row := range fieldsOf(items[0].Type()) {
		var set, inside []reflect.Value
		for _, v := range items {
			f := v.Field(row.index)
			if f.IsZero() {
				continue
			}
			set = append(set, f)
			switch shapeOf(row.typ) {
			case blockShape:
				inside = append(inside, reflect.Indirect(f))
			case blocksShape:
				for i := range f.Len() {
					inside = append(inside, f.Index(i))
				}
			}
		}
		if len(set) == 0 {
			t.Errorf("the test does not set %s.%s", path, row.key)
		}
		if len(inside) > 0 {
			complete(t, path+"."+row.key, inside...)
		}
	}
}

// everySetting gathers the settings of the kinds in the last source: none has
// them all.
func everySetting(sources []Source) {
	last := reflect.ValueOf(sources[len(sources)-1].Settings).Elem()
	for _, s := range sources {
		of := reflect.ValueOf(*s.Settings)
		for i := range of.NumField() {
			if last.Field(i).IsZero() {
				last.Field(i).Set(of.Field(i))
			}
		}
	}
}

func TestEveryFieldIsAppliedAndComparesEqual(t *testing.T) {
	first, second := choose(everyKey(), false), choose(everyKey(), true)
	d := mustLoad(t, first)
	// The last department shows the parent, the first the other keys.
	d.Organizations[0].Departments[1].SortLevel = d.Organizations[0].Departments[0].SortLevel
	d.Organizations[0].Departments[1].Note = d.Organizations[0].Departments[0].Note
	// A mapping has one of the two.
	mappings := d.Organizations[0].Sources[len(d.Organizations[0].Sources)-1].Mappings
	mappings[1].Theirs = mappings[0].Theirs
	everySetting(d.Organizations[0].Sources)
	complete(t, "", reflect.ValueOf(d))
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		s := newSite(t, open)
		s.apply(first, false)
		s.apply(second, false)
		s.apply(first, false)
		lines := strings.Join(s.plan(second, false), "\n")
		for _, row := range fieldsOf(reflect.TypeFor[Member]()) {
			if row.natural || row.once {
				continue
			}
			if !strings.Contains(lines, row.key+": ") {
				t.Errorf("the plan does not show a change of %s:\n%s", row.key, lines)
			}
		}
		for _, secret := range []string{"pass-word", "mail two", "Fourth-word", "jjjj", "nnnn", "vvvv", "centre secret", "source secret", "PRIVATE"} {
			if strings.Contains(lines, secret) {
				t.Errorf("the plan shows the secret %q", secret)
			}
		}
	})
}

func TestExportIsReadBackWithoutChanges(t *testing.T) {
	s := sqliteSite(t)
	s.apply(choose(everyKey(), true), false)
	s.apply("version: 1\norganizations: [{code: \"007\", name: \"yes\", members: [{account: o7, name: \"1e3\", role: owner, title: \"a: b\", description: \"two\\nlines # and \\\"quotes\\\"\"}]}]\n", false)
	text := s.export()
	for _, secret := range []string{"second pass-word", "mail two", "Fourth-word", "jjjj", "nnnn", "vvvv", "characters two", "header word", "centre secret", "source secret", "PRIVATE"} {
		if strings.Contains(text, secret) {
			t.Errorf("the export holds the secret %q", secret)
		}
	}
	if lines := s.plan(text, true); len(lines) != 1 || lines[0] != "no changes" {
		t.Errorf("the export, planned:\n%s\n%s", strings.Join(lines, "\n"), text)
	}
	other := sqliteSite(t)
	other.apply(text, true)
	if again := other.export(); again != text {
		t.Errorf("exported again:\n%s\nwant:\n%s", again, text)
	}
}

func TestApplyTellsWhatWasMadeOnce(t *testing.T) {
	s := sqliteSite(t)
	made := s.apply(example, false).Generated
	if len(made) != 2 || made[0].Key != "app_key" || len(made[0].Secret.Reveal()) != 64 || made[1].Name != "nora@northwind.example" || made[1].Secret.Reveal() == "" {
		t.Errorf("got %+v, want an app key and a password", made)
	}
	if again := s.apply(example, false); again.Done != 0 || len(again.Generated) != 0 {
		t.Errorf("applied again: %d steps, %d secrets; want none", again.Done, len(again.Generated))
	}
}

func TestAPasswordIsSetAgainOnlyWhenTheManifestChanges(t *testing.T) {
	s := sqliteSite(t)
	text := org("    members: [{account: a, name: A, role: owner, password: first pass-word}]\n")
	s.apply(text, false)
	o, err := s.Directory.OrganizationByRef(t.Context(), console, "acme")
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Directory.MemberByAccount(t.Context(), console, o.ID, "a")
	if err != nil {
		t.Fatal(err)
	}
	self := identity.Actor{Kind: identity.ActsAsMember, AccountID: p.Account.ID, MemberID: p.Member.ID, OrganizationID: o.ID, Role: identity.RoleOwner}
	if err := s.Directory.ChangePassword(t.Context(), self, "first pass-word", "a word of my own", identity.PasswordRules{}); err != nil {
		t.Fatal(err)
	}
	same(t, s.plan(text, false), "no changes")
	same(t, s.plan(strings.Replace(text, "first", "other", 1), false), "~ change member a of acme: password: (changed)")
}

func TestPlanFindsWhatOnlyTheInstallationShows(t *testing.T) {
	s := sqliteSite(t)
	s.apply(org("    departments: [{code: rd, name: R}, {code: lab, name: L, parent: rd}]\n    members: [{account: a, name: A, role: owner}]\n"), false)
	tests := []struct{ name, text, want string }{
		{"no owner", "version: 1\norganizations: [{code: new, name: New, members: []}]\n", "m.yaml:2:17: organizations[0]: a new organisation needs exactly one member with the role owner"},
		{"no department", org("    members: [{account: b, name: B, department: none}]\n"), `members[0].department: there is no department "none" in acme`},
		{"no parent", org("    departments: [{code: x, name: X, parent: none}]\n"), `departments[0].parent: there is no department "none"`},
		{"below itself", org("    departments: [{code: rd, name: R, parent: lab}]\n"), "the department would stand below itself"},
		{"the owner made ordinary", org("    members: [{account: a, name: A, role: member}]\n"), "this member is the owner; give another member the role owner"},
		{"a weak password", org("    members: [{account: b, name: B, password: short}]\n"), "members[0].password: The password does not have the right length"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Apply(t.Context(), console, s.House, mustLoad(t, tt.text), Options{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want … %s …", err, tt.want)
			}
		})
	}
	_, err := Plan(t.Context(), console, s.House, mustLoad(t, org("    members: [{account: b, name: B}]\n")), Options{Prune: true})
	if err == nil || !strings.Contains(err.Error(), "a is the owner and is not listed") {
		t.Errorf("pruning the owner: %v", err)
	}
}

func TestPrune(t *testing.T) {
	s := sqliteSite(t)
	s.apply(example, false)
	left := "version: 1\norganizations:\n  - code: acme\n    name: Acme Ltd\n    departments: []\n    members: [{account: bob, name: Bob, role: owner}]\n"
	same(t, s.plan(left, false), "+ create member bob of acme (takes over as owner)")
	same(t, s.plan(left, true), `
+ create member bob of acme (takes over as owner)
- remove member ann@acme.example of acme
- remove member alice@acme.example of acme
- remove department lab of acme
- remove department rd of acme
- remove organization northwind (with everything in it)`)
	s.apply(left, true)
	o, err := s.Directory.OrganizationByRef(t.Context(), console, "acme")
	if err != nil {
		t.Fatal(err)
	}
	if _, total, err := s.Applications.AppIDs(t.Context(), console, o.ID, 0, 10); err != nil || total != 1 {
		t.Errorf("%d App IDs are left, %v; want the one whose list the manifest leaves out", total, err)
	}
}

func TestOwnershipIsHandedOver(t *testing.T) {
	s := sqliteSite(t)
	s.apply(org("    members: [{account: a, name: A, role: owner}, {account: b, name: B, status: disabled}]\n"), false)
	text := org("    members: [{account: a, name: A, role: administrator}, {account: b, name: B, role: owner, status: active}]\n")
	same(t, s.plan(text, false), `
~ change member b of acme: role: member → owner, status: disabled → active
~ change member a of acme: role: member → administrator`)
	s.apply(text, false)
}

func TestApplyStopsAndGoesOn(t *testing.T) {
	var db *store.DB
	s := newSite(t, func(o ...storetest.Option) *store.DB {
		db = storetest.Open(t, o...)
		return db
	})
	text := org("    members: [{account: a, name: A, role: owner}, {account: b, name: B, password: iloveyou}]\n")
	result, err := Apply(t.Context(), console, s.House, mustLoad(t, text), Options{})
	var stopped *StoppedError
	if !errors.As(err, &stopped) || stopped.Done != 2 || !fault.Is(err, fault.CodePasswordBreached) {
		t.Fatalf("got %v, want it stopped at the well-known password", err)
	}
	if !strings.Contains(err.Error(), "2 of 3 steps are done") || strings.Contains(err.Error(), "iloveyou") || len(result.Generated) != 1 {
		t.Errorf("got %v with %d secrets", err, len(result.Generated))
	}
	good := strings.Replace(text, "iloveyou", "a better pass-word", 1)
	same(t, s.plan(good, false), "+ create member b of acme")
	s.apply(good, false)
	events, err := audit.NewLog(db).Page(t.Context(), audit.Query{Type: string(audit.ManifestApplied), All: true, Limit: 10})
	if err != nil || len(events) != 2 || events[1].Details["steps"] != "2" {
		t.Errorf("events %+v, %v; want one for each apply", events, err)
	}
}

func TestOnlyTheProviderMay(t *testing.T) {
	s := sqliteSite(t)
	d := mustLoad(t, "version: 1\n")
	for _, actor := range []identity.Actor{{}, {Kind: identity.ActsAsOrgToken, OrganizationID: "org_x"}, {Kind: identity.ActsAsMember, OrganizationID: "org_x", Role: identity.RoleOwner}} {
		_, planned := Plan(t.Context(), actor, s.House, d, Options{})
		_, applied := Apply(t.Context(), actor, s.House, d, Options{})
		exported := Export(t.Context(), actor, s.House, new(strings.Builder))
		for _, err := range []error{planned, applied, exported} {
			if fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s: got %v, want Forbidden", actor.Kind, err)
			}
		}
	}
}

// TestRandomManifests applies random states one after another: after each the
// plan is empty and the export is read back without changes.
func TestRandomManifests(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	s := sqliteSite(t)
	for range 12 {
		text := randomManifest(random)
		s.apply(text, true)
		if lines := s.plan(s.export(), true); lines[0] != "no changes" {
			t.Fatalf("the export of\n%s\nis planned as\n%s", text, strings.Join(lines, "\n"))
		}
	}
}

func randomManifest(r *rand.Rand) string {
	var b strings.Builder
	b.WriteString("version: 1\norganizations:\n")
	for o := range 1 + r.IntN(3) {
		fmt.Fprintf(&b, "  - code: o%d\n    name: Name %d\n    auto_create_members: %v\n    limits: {members: %d}\n    departments:\n", o, r.IntN(3), r.IntN(2) == 0, 50+r.IntN(3))
		departments := []string{"1"}
		for _, d := range r.Perm(4) {
			if r.IntN(3) > 0 {
				fmt.Fprintf(&b, "      - {code: d%d, name: D%d, parent: %q, note: n%d}\n", d, d, departments[r.IntN(len(departments))], r.IntN(2))
				departments = append(departments, fmt.Sprintf("d%d", d))
			}
		}
		if len(departments) == 1 {
			b.WriteString("      []\n")
		}
		b.WriteString("    members:\n")
		for i, m := range r.Perm(5)[:1+r.IntN(4)] {
			role := []string{"administrator", "member"}[r.IntN(2)]
			if i == 0 {
				role = "owner"
			}
			fmt.Fprintf(&b, "      - {account: m%d@o%d, name: N%d, role: %s, status: active, department: %q, title: t%d, attributes: {k: v%d}}\n",
				m, o, r.IntN(3), role, departments[r.IntN(len(departments))], r.IntN(3), r.IntN(2))
		}
	}
	return b.String()
}
