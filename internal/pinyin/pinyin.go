package pinyin

import (
	"strings"
	"unicode"
)

// Of returns how a name is typed by its sound: whole, and by the first letter of
// each syllable, in lower-case letters without tones and blanks. 张三 is
// "zhangsan" and "zs"; what is not Chinese in a name stands as it is written,
// so that 王Wei is "wangwei" and "ww". A name without a Chinese character is
// found as it is written: both are "".
//
// A character with several readings has the one of surnames where the name
// begins with it, else its commonest.
func Of(name string) (whole, initials string) {
	var all, first strings.Builder
	chinese, within := false, false // within a word of other letters
	rest := []rune(name)
	for at := 0; at < len(rest); at++ {
		sounds, taken := soundsAt(rest, at)
		if len(sounds) > 0 {
			chinese, within = true, false
			for _, sound := range sounds {
				all.WriteString(sound)
				first.WriteByte(sound[0])
			}
			at += taken - 1
			continue
		}
		r := unicode.ToLower(rest[at])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			within = false
			continue
		}
		all.WriteRune(r)
		if !within {
			first.WriteRune(r)
		}
		within = true
	}
	if !chinese {
		return "", ""
	}
	return all.String(), first.String()
}

// soundsAt returns the syllables of a character, or of a surname of two, and of
// how many characters they are; none for what is not Chinese.
func soundsAt(name []rune, at int) (sounds []string, taken int) {
	if at == 0 && len(name) > 2 {
		if sounds = strings.Fields(surnames[string(name[:2])]); len(sounds) > 0 {
			return sounds, 2
		}
	}
	if at == 0 && len(name) > 1 {
		if sounds = strings.Fields(surnames[string(name[:1])]); len(sounds) > 0 {
			return sounds, 1
		}
	}
	if sound := soundOf(name[at]); sound != "" {
		return []string{sound}, 1
	}
	return nil, 0
}

// surnames are those that are read otherwise than their characters elsewhere.
var surnames = map[string]string{
	"万俟": "mo qi", "尉迟": "yu chi", "单于": "chan yu", "长孙": "zhang sun", "澹台": "tan tai", "令狐": "ling hu",
	"区": "ou", "仇": "qiu", "单": "shan", "解": "xie", "查": "zha", "曾": "zeng", "朴": "piao", "任": "ren", "华": "hua",
	"乐": "yue", "盖": "ge", "翟": "zhai", "缪": "miao", "祭": "zhai", "折": "she", "洗": "xian", "冼": "xian", "员": "yun",
	"种": "chong", "尹": "yin", "燕": "yan", "召": "shao", "卜": "bu", "盛": "sheng", "宁": "ning", "那": "na", "重": "chong",
	"秘": "bi", "繁": "po", "逄": "pang", "郗": "xi", "黑": "he", "阚": "kan", "覃": "qin", "晁": "chao", "沈": "shen",
	"过": "guo", "应": "ying", "车": "che", "晟": "cheng", "吕": "lv",
}
