const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

export const en = {
  title: 'Load',
  intro:
    'Energy by place, as sums. Places with fewer than three premises are put together, so that nobody’s home can be read from them.',
  by: 'By',
  kinds: { district: 'District', feeder: 'Feeder' },
  places: { district: 'Load by district', feeder: 'Load by feeder' },
  columns: {
    place: 'Place',
    premises: 'Premises',
    taken: 'Taken',
    given: 'Given',
    peak: 'Highest load',
    share: 'Share',
  },
  peakHint: 'the highest mean power taken over one step',
  others: 'All smaller places together',
  unnamed: 'Without a place',
  counted: (count: number) => plural(count, 'place', 'places'),
  overTime: 'Over time',
  choose: 'Place',
  allPlaces: 'All places',
  empty: 'No load is known of this time.',
  emptyHint: 'Choose another time. Places are named by the operator in the directory.',
};

export type Text = typeof en;
