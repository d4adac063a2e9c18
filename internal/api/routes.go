package api

import "slices"

// routes are all the operations. Whoever adds one adds a row here; the tests
// take theirs from the document that is made of this table.
func routes() []route {
	return slices.Concat(organizationRoutes())
}

func organizationRoutes() []route {
	return []route{
		{method: "GET", path: "/organizations", id: "list-organizations", summary: "List organisations", do: with(listOrganizations)},
		{method: "POST", path: "/organizations", id: "add-organization", summary: "Make an organisation", do: with(addOrganization)},
		{method: "GET", path: "/organizations/{org}", id: "get-organization", summary: "Read an organisation", do: with(getOrganization)},
		{method: "PATCH", path: "/organizations/{org}", id: "change-organization", summary: "Change an organisation", do: with(changeOrganization)},
		{method: "DELETE", path: "/organizations/{org}", id: "remove-organization", summary: "Remove an organisation with everything in it", do: with(removeOrganization)},
	}
}
