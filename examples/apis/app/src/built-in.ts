import type { Directory } from './directory';

/** What the app answers from when no upstream is configured, or none that answers. In no order, so that v2's shows. */
export const builtIn: Directory = {
  source: 'built-in',
  entries: [
    {
      API: 'PokéAPI',
      Description: 'Creatures, moves and items of the Pokémon games',
      Link: 'https://pokeapi.co/',
      Category: 'Games',
    },
    {
      API: 'Open-Meteo',
      Description: 'Weather forecasts and past weather for any coordinates',
      Link: 'https://open-meteo.com/',
      Category: 'Weather',
    },
    {
      API: 'The Cat API',
      Description: 'Pictures of cats, and facts about their breeds',
      Link: 'https://thecatapi.com/',
      Category: 'Animals',
    },
    {
      API: 'Wikimedia REST API',
      Description: 'Articles, summaries and page views of Wikipedia and its sister projects',
      Link: 'https://wikimedia.org/api/rest_v1/',
      Category: 'Reference',
    },
    {
      API: 'Frankfurter',
      Description: 'Exchange rates as central banks publish them, by day',
      Link: 'https://frankfurter.dev/',
      Category: 'Finance',
    },
    {
      API: 'USGS Earthquake Catalog',
      Description: 'Earthquakes of the world by time, place and magnitude',
      Link: 'https://earthquake.usgs.gov/fdsnws/event/1/',
      Category: 'Science',
    },
    {
      API: 'Open Library',
      Description: 'Books, their authors, editions and covers',
      Link: 'https://openlibrary.org/developers/api',
      Category: 'Books',
    },
    {
      API: 'Dog API',
      Description: 'Pictures of dogs, sorted by breed',
      Link: 'https://dog.ceo/dog-api/',
      Category: 'Animals',
    },
    {
      API: 'NASA APIs',
      Description: "The astronomy picture of the day, near-Earth objects and the rovers' photographs of Mars",
      Link: 'https://api.nasa.gov/',
      Category: 'Science',
    },
    {
      API: 'Nager.Date',
      Description: 'Public holidays by country and year',
      Link: 'https://date.nager.at/Api',
      Category: 'Calendar',
    },
    {
      API: 'Open Food Facts',
      Description: 'Ingredients and nutrition of packaged food, by barcode',
      Link: 'https://world.openfoodfacts.org/data',
      Category: 'Food',
    },
    {
      API: 'MusicBrainz',
      Description: 'Artists, recordings and releases, and how they relate',
      Link: 'https://musicbrainz.org/doc/MusicBrainz_API',
      Category: 'Music',
    },
  ],
};
