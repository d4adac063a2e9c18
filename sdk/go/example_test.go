package signature_test

import (
	"fmt"
	"log"

	signature "github.com/orgate/orgate/sdk/go"
)

// The published test vector (Meeting API, 4.2).
func ExampleApp_Request() {
	app := signature.App{
		Mode: signature.Enterprise,
		ID:   "130436e5b34d4859a87f667a2d626a83",
		Key:  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
	}
	request, err := app.Request(signature.Login{
		UserID:     "alice@ent01",
		ExpireTime: 1604020600,
		Nonce:      "EycLQsHDgHDgaeHMXgnINuU1EBpQ1234567890ab",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(request.Text)
	fmt.Println(request.Header.Get("Authorization"))
	// Output:
	// 130436e5b34d4859a87f667a2d626a83:alice@ent01:1604020600:EycLQsHDgHDgaeHMXgnINuU1EBpQ1234567890ab
	// HMAC-SHA256 signature=6f6828828f1bfd0a8a0c40f58c15707b44e60bd38b9589d3879026e71cc4ad43,access=MTMwNDM2ZTViMzRkNDg1OWE4N2Y2NjdhMmQ2MjZhODM=
}

// An administrator of a service provider's enterprise has no user id; the
// part stays, empty.
func ExampleApp_StringToSign() {
	app := signature.App{Mode: signature.ServiceProvider, ID: "130436e5b34d4859a87f667a2d626a83", Key: "secret"}
	text, err := app.StringToSign(signature.Login{
		CorpID: "651543334", ExpireTime: 1604020600, Nonce: "EycLQsHDgHDgaeHMXgnINuU1EBpQ1234567890ab",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(text)
	// Output: 130436e5b34d4859a87f667a2d626a83:651543334::1604020600:EycLQsHDgHDgaeHMXgnINuU1EBpQ1234567890ab
}
