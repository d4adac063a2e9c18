package identity_test

import (
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

func TestPrivacyTexts(t *testing.T) {
	good := identity.PrivacyText{Title: "Privacy", Body: "# What we keep\n\n- your name\n"}
	for name, tt := range map[string]struct {
		texts identity.PrivacyTexts
		want  fault.Code
	}{
		"one language":      {identity.PrivacyTexts{"en-US": good}, ""},
		"both":              {identity.PrivacyTexts{"en-US": good, "zh-CN": {Title: "隐私", Body: "正文"}}, ""},
		"none":              {nil, fault.CodeFieldMissing},
		"another":           {identity.PrivacyTexts{"fr": good}, fault.CodeFieldChoice},
		"no title":          {identity.PrivacyTexts{"en-US": {Title: " ", Body: "x"}}, fault.CodeFieldLength},
		"no body":           {identity.PrivacyTexts{"en-US": {Title: "x", Body: "\n"}}, fault.CodeFieldLength},
		"a long title":      {identity.PrivacyTexts{"en-US": {Title: strings.Repeat("字", 101), Body: "x"}}, fault.CodeFieldLength},
		"a long body":       {identity.PrivacyTexts{"en-US": {Title: "x", Body: strings.Repeat("x", 20_001)}}, fault.CodeFieldLength},
		"a title of lines":  {identity.PrivacyTexts{"en-US": {Title: "a\nb", Body: "x"}}, fault.CodeMalformed},
		"a body with a NUL": {identity.PrivacyTexts{"en-US": {Title: "a", Body: "x\x00"}}, fault.CodeMalformed},
	} {
		err := tt.texts.Validate()
		if tt.want == "" && err != nil || tt.want != "" && !fault.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %q", name, err, tt.want)
		}
	}
	only := identity.PrivacyTexts{"en-US": good}
	if text, language := only.In("zh-CN"); text != good || language != "en-US" {
		t.Errorf("got %+v in %s", text, language)
	}
	if _, language := (identity.PrivacyTexts{"en-US": good, "zh-CN": good}).In("en-US"); language != "en-US" {
		t.Errorf("got %s", language)
	}
	if _, language := identity.PrivacyTexts(nil).In("en-US"); language != "" {
		t.Errorf("got %s of nothing", language)
	}
}
