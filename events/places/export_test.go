package places

// TownsBegunPeople is how many people a town has at least that is found by the beginning of a name
// that is not its own.
const TownsBegunPeople = begunPeople
