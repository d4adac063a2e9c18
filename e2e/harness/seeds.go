package harness

import signature "github.com/orgate/orgate/sdk/go"

// The people of the usual manifest.
const (
	Root  = "root@sp.example"    // administers the provider
	Owner = "owner@acme.example" // default administrator of acme
	Admin = "admin@acme.example" // ordinary administrator of acme
	Alice = "alice@acme.example" // member of acme with mail, mobile and third account "alice"
	Bob   = "bob@acme.example"   // member of acme with mail and mobile
	Carol = "carol@acme.example" // disabled member of acme with mail
	Dave  = "dave@acme.example"  // member of acme without any contact
	Olga  = "olga@other.example" // default administrator of other
	Oscar = "oscar@other.example"
)

// Mobile numbers of the usual manifest.
const (
	AliceMobile = "+8613800000001"
	BobMobile   = "+8613800000002"
)

// passwords are those of the usual manifest, by account.
var passwords = map[string]string{
	Root:  "Granite-lantern-71",
	Owner: "Walnut-harbour-82",
	Admin: "Copper-meadow-93",
	Alice: "Silver-orchard-14",
	Bob:   "Amber-viaduct-25",
	Carol: "Violet-quarry-36",
	Dave:  "Cobalt-thicket-47",
	Olga:  "Scarlet-dune-58",
	Oscar: "Marble-fjord-69",
}

// Password is the one that the usual manifest gives to an account.
func Password(account string) string { return passwords[account] }

// AcmeApp is the App ID of acme.
func AcmeApp() signature.App {
	return signature.App{
		Mode: signature.Enterprise, ID: "130436e5b34d4859a87f667a2d626a83",
		Key: "k3yOfAcmeQ7wE9rT2yU4iO6pA8sD1fG3hJ5kL7zX9cV2bN4mQ6wE8rT1yU3iO5p",
	}
}

// OtherApp is the App ID of the second organisation.
func OtherApp() signature.App {
	return signature.App{
		Mode: signature.Enterprise, ID: "230436e5b34d4859a87f667a2d626a84",
		Key: "k3yOfOtherZ7xC9vB2nM4aS6dF8gH1jK3lQ5wE7rT9yU2iO4pA6sD8fG1hJ3kL5",
	}
}

// SPApp is the App ID of the provider: it signs in people of every
// organisation.
func SPApp() signature.App {
	return signature.App{
		Mode: signature.ServiceProvider, ID: "330436e5b34d4859a87f667a2d626a85",
		Key: "k3yOfProviderP7oI9uY2tR4eW6qL8kJ1hG3fD5sA7mN9bV2cX4zP6oI8uY1tR3",
	}
}
