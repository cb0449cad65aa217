// perspective-api-client: `node perspective-api-client.cjs URL KEY` reads [[text, options]] and prints [{data}] or
// [{error}]. Its host is written into it: an interceptor on its own copy of axios puts ours in that place.
'use strict';

const { readFileSync } = require('node:fs');
const Perspective = require('perspective-api-client');

const axios = require(require.resolve('axios', { paths: [require.resolve('perspective-api-client')] }));
const GOOGLE = 'https://commentanalyzer.googleapis.com';

async function answer(client, [text, options]) {
  try {
    return { data: await client.analyze(text, options) };
  } catch (error) {
    return { name: error.name, message: error.message, error: error.response && error.response.data.error };
  }
}

async function main([url, key]) {
  axios.interceptors.request.use((config) => ({ ...config, url: config.url.replace(GOOGLE, url) }));
  const client = new Perspective({ apiKey: key });
  const answers = [];
  for (const call of JSON.parse(readFileSync(0, 'utf8'))) {
    answers.push(await answer(client, call));
  }
  console.log(JSON.stringify(answers));
}

main(process.argv.slice(2));
