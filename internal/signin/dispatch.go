package signin

// dispatch says where a conversation goes on, from what is stored about it and
// from nothing else: who is signed in at this browser, and what the
// conversation remembers. Every step ends here when it has changed either.
func (s *Surface) dispatch(v *visit) reply {
	switch {
	case !v.proven() && v.flow.Client != "":
		return goTo(v.address("/sso", nil))
	case !v.proven():
		return goTo(v.address("/login", nil))
	case v.mustChange:
		return goTo(v.address("/password/change", nil))
	case v.flow.Passage != nil:
		return goTo(withFlow(v.flow.ReturnTo, v.flowID))
	case v.flow.ReturnTo != "":
		return goTo(v.flow.ReturnTo)
	case v.alone():
		return goTo(organizationsPath)
	}
	return goTo("/")
}
