package pinyin

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestOf(t *testing.T) {
	for _, row := range []struct{ name, whole, initials string }{
		{"张三", "zhangsan", "zs"},
		{"李小龙", "lixiaolong", "lxl"},
		{"吕布", "lvbu", "lb"}, // ü is typed as v
		{"女", "nv", "n"},
		{"欧阳娜娜", "ouyangnana", "oynn"},
		// Surnames are read in their own way, and only where a name begins.
		{"单雄信", "shanxiongxin", "sxx"},
		{"曾国藩", "zengguofan", "zgf"},
		{"尉迟恭", "yuchigong", "ycg"},
		{"长孙无忌", "zhangsunwuji", "zswj"},
		{"简单", "jiandan", "jd"},
		{"单", "dan", "d"}, // one character alone is no surname with a name
		// Other letters stand as they are written, one initial for each word.
		{"王Wei", "wangwei", "ww"},
		{"Wei 王", "weiwang", "ww"},
		{"阿·Q 2号", "aq2hao", "aq2h"},
		{"李 ming Hua", "liminghua", "lmh"},
		// What has no Chinese character is found as it is written.
		{"Alice", "", ""},
		{"Ångström 7", "", ""},
		{"さくら", "", ""},
		{"", "", ""},
		{"…", "", ""},
	} {
		whole, initials := Of(row.name)
		if whole != row.whole || initials != row.initials {
			t.Errorf("%s: got %q %q, want %q %q", row.name, whole, initials, row.whole, row.initials)
		}
	}
}

// FuzzOf: whatever a name is, what comes back can be stored and typed.
func FuzzOf(f *testing.F) {
	for _, seed := range []string{"张三", "王Wei", "", "\xff", "\x00", strings.Repeat("龘", 64), "万俟", "🀄"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		whole, initials := Of(name)
		if (whole == "") != (initials == "") || utf8.RuneCountInString(initials) > utf8.RuneCountInString(whole) {
			t.Errorf("%q: got %q and %q", name, whole, initials)
		}
		for _, r := range whole + initials {
			if unicode.IsSpace(r) || unicode.IsControl(r) || r == utf8.RuneError && utf8.ValidString(name) && !strings.ContainsRune(name, r) {
				t.Errorf("%q: %q is in %q, %q", name, r, whole, initials)
			}
		}
	})
}
