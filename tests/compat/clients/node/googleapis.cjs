// Google's client for Node: `node googleapis.cjs URL KEY` reads [{method, resource}], with
// another key where there is one, and prints [{data}] or [{error}].
'use strict';

const { readFileSync } = require('node:fs');
const { google } = require('googleapis');

async function answer(client, { method, resource, key }) {
  try {
    const response = await client.comments[method]({ key, resource });
    return { status: response.status, data: response.data };
  } catch (error) {
    return { message: error.message, status: error.status, error: error.response && error.response.data.error };
  }
}

async function main([url, key]) {
  const client = await google.discoverAPI(`${url}/$discovery/rest?version=v1alpha1`);
  const answers = [];
  for (const call of JSON.parse(readFileSync(0, 'utf8'))) {
    answers.push(await answer(client, { key, ...call }));
  }
  console.log(JSON.stringify(answers));
}

main(process.argv.slice(2));
