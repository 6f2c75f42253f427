/** What the reader's own transactions do, said before they are signed. */
export const deeds = {
  admit: {
    title: 'Admit a member',
    words: 'The account takes part from the next block on. Everybody can see that, and who admitted it.',
  },
  changeRole: {
    title: 'Change a member’s role',
    words: 'From the next block on the member may do what the new role allows. What is under way runs to its end.',
  },
  remove: {
    title: 'Remove a member',
    words:
      'The member can begin nothing new. Premises, meters, bills and balances stay, and what is under way runs to its end.',
  },
  registerPremises: {
    title: 'Register premises',
    words:
      'The premises belong to the member until they are released. The number is random; it tells nobody where the house is.',
  },
  releasePremises: {
    title: 'Release premises',
    words: 'Nobody holds the premises afterwards, so that who moves in can register them.',
  },
  registerMeters: {
    title: 'Register meters',
    words:
      'From the next interval on these meters count in the energy balance of their microgrids, and their readings are anchored. A registration is never deleted, only ended.',
  },
  retireMeter: {
    title: 'Retire a meter',
    words:
      'The meter leaves service at once; its record and its anchored readings stay. It can be registered again later.',
  },
  moveMeter: {
    title: 'Move a meter',
    words: 'Its time of service here ends and another begins at once. Who moves in sees nothing of who moved out.',
  },
  proposeRule: {
    title: 'Propose a rule',
    words:
      'This makes a proposal and is your vote for it. With the majority of the regulators it can take effect after the delay.',
  },
  proposeEntry: {
    title: 'Propose a contract',
    words:
      'This makes a proposal and is your vote for it. With the majority of the regulators the contract takes the office after the delay.',
  },
  vote: {
    title: 'Vote',
    words:
      'Your vote counts while you are in office. If it makes the majority, the delay begins; you can take it back until then.',
    back: 'Your vote no longer counts. If the majority is lost, the delay begins anew with the next one.',
  },
  execute: {
    title: 'Put a proposal into effect',
    words: 'Its majority has stood through the delay. What began under the old rule keeps it.',
  },
  appoint: {
    title: 'Appoint to an office',
    words: 'This is your vote. With the majority of the regulators the appointment holds at once, until its date.',
    end: 'This is your vote to end the appointment. With the majority of the regulators it ends at once.',
  },
  scheduleRegulator: {
    title: 'Add a regulator',
    leave: 'Remove a regulator',
    words:
      'After the delay anybody can put the change into effect; that voids all open proposals and votes. Until then you can take it back.',
  },
  cancelRegulator: {
    title: 'Take a change back',
    words: 'The scheduled change does not happen.',
  },
  applyRegulator: {
    title: 'Put a change into effect',
    words: 'The delay is over. All open proposals and votes become void.',
  },
  transferOwnership: {
    title: 'Hand over ownership',
    words: 'The new owner has to accept it; until then you stay the owner.',
  },
  acceptOwnership: {
    title: 'Accept ownership',
    words: 'From then on you decide who is a regulator, and nothing else.',
  },
  facts: {
    account: 'Account',
    role: 'Role',
    premises: 'Premises',
    meter: 'Meter',
    meters: 'Meters',
    kind: 'Kind',
    microgrid: 'Microgrid',
    participant: 'Member',
    firmware: 'Firmware',
    rule: 'Rule',
    value: 'New value',
    entry: 'Office',
    contract: 'Contract',
    proposal: 'Proposal',
    office: 'Office',
    until: 'Until',
  },
};
