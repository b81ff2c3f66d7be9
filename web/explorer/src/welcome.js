export const welcome = `# All public data of the hub, to be asked
# as you like. Ctrl-Enter runs a query;
# the book on the left explains each field.

query Day {
  edition {
    title
    date
    stage
    counts {
      countries
      world {
        events
        live
        reached { value reported expected }
      }
    }
  }
  events(first: 5, filter: { phases: [LIVE, UPCOMING] }) {
    totalCount
    nodes {
      title
      startsAtLocal
      place { locality countryName }
      host { displayName }
    }
  }
}

# What happens, as it happens.
subscription Watch {
  activity {
    position
    kind
    at
    card { title hostName }
    count
  }
}
`;
