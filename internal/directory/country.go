package directory

// DefaultCountry is the country of a person who names none.
const DefaultCountry = "chinaPR"

// callingCodes are the calling codes by the symbolic names that the Meeting
// API gives countries (appendix B). The names are part of that contract; three
// of them are not what they seem: GB is Guinea-Bissau, UK the United Kingdom,
// and chinaOMA Macao.
var callingCodes = map[string]string{
	"chinaPR": "86", "chinaHKG": "852", "chinaOMA": "853", "chinaTPE": "886",
	"BVl": "1284", "Bolivia": "591", "CZ": "420", "GB": "245", "SVGrenadines": "1784", "TAT": "1868", "UK": "44",
	"afghanistan": "93", "albania": "355", "algeria": "213", "andorra": "376", "angola": "244", "argentina": "54",
	"armenia": "374", "australia": "61", "austria": "43", "azerbaijan": "994", "bahamas": "1242", "bahrain": "973",
	"bangladesh": "880", "belarus": "375", "belgium": "32", "belize": "501", "benin": "229",
	"bosniaAndHerzegovina": "387", "botswana": "267", "brazil": "55", "brunei": "673", "bulgaria": "359",
	"burkinaFaso": "226", "burundi": "257", "cambodia": "855", "cameroon": "237", "canada": "1", "capeVerde": "238",
	"caymanIslands": "1345", "centralAfrican": "236", "chad": "235", "chile": "56", "columbia": "57", "comoros": "269",
	"congoB": "242", "congoJ": "243", "costarica": "506", "croatia": "385", "curacao": "599", "cyprus": "357",
	"denmark": "45", "djibouti": "253", "dominica": "1809", "ecuador": "593", "egypt": "20",
	"equatorialGuinea": "240", "estonia": "372", "finland": "358", "france": "33", "gabon": "241", "gambia": "220",
	"georgia": "995",
}

// CallingCode returns the digits that a number of a country begins with, such
// as "86" for chinaPR. ok is false for a name that is not known: its numbers
// must be written with their own + prefix.
func CallingCode(country string) (code string, ok bool) {
	code, ok = callingCodes[country]
	return code, ok
}
