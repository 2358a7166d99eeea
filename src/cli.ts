#!/usr/bin/env node
import 'reflect-metadata';
import { Command, InvalidArgumentError } from 'commander';
import { codesCommand, type CodesOptions } from './cli/codes.js';
import { type DecodingOptions, findCommand, groundCommand, sessionCommand } from './cli/decoding.js';
import { importCommand } from './cli/import.js';
import { jobsCommand } from './cli/jobs.js';
import { keysCommand } from './cli/keys.js';
import { modelsCommand } from './cli/models.js';
import { imagineCommand, type ImagineOptions } from './cli/imagine.js';
import { rankCommand, type RankOptions } from './cli/rank.js';
import { run } from './cli/run.js';
import { schemaCommand } from './cli/schema.js';
import { startCommand } from './cli/start.js';
import { evaluateCommand, trainCommand, type TrainOptions } from './cli/train.js';
import { trainImagesCommand } from './cli/train-images.js';
import { DomainError } from './domain/errors.js';
import { parseRecipeText, type RankerRecipe, RECIPE_CHOICES } from './domain/ranking/recipe.js';

const program = new Command('vitrine')
  .description('Personalised content: ranked, explained and generated.')
  .showHelpAfterError();

program
  .command('start')
  .description(
    'start database, API, web and one worker; on the first start also load the demo and train its ranker',
  )
  .action(() => run(startCommand));

program
  .command('import')
  .description('import a catalogue and its events; safe to stop and repeat')
  .argument('<path>', 'folder or file')
  .requiredOption(
    '--format <format>',
    'movielens-100k, movielens-1m, movielens-latest-small, amazon-5core, csv or jsonl',
  )
  .action((path: string, { format }: { format: string }) =>
    run((deps, signal) => importCommand(deps, { format, path }, signal)),
  );

program
  .command('train')
  .description('train the ranker of a catalogue and promote it if it beats popularity and what is live')
  .option('--catalogue <key>', 'key of the catalogue; the newest import when left out')
  .option('--seed <n>', 'seed', wholeNumber, 1)
  .option('--seconds <n>', 'time for the trained parts', wholeNumber, 900)
  .option('--recipe <choices>', 'what differs from the rule, e.g. block=hstu,blocks=4', recipe)
  .option('--incremental', 'go on from the live model with what happened since (learn=new)', false)
  .addHelpText('after', recipeHelp())
  .action((options: TrainOptions) => run((deps, signal) => trainCommand(deps, options, signal)));

program
  .command('evaluate')
  .description('print the table of every part on held-out data, and register the model with its figures')
  .option('--catalogue <key>', 'key of the catalogue; the newest import when left out')
  .option('--seed <n>', 'seed', wholeNumber, 1)
  .option('--seconds <n>', 'time for the trained parts', wholeNumber, 900)
  .option('--recipe <choices>', 'what differs from the rule, e.g. block=hstu,blocks=4', recipe)
  .addHelpText('after', recipeHelp())
  .action((options: TrainOptions) => run((deps, signal) => evaluateCommand(deps, options, signal)));

program.addCommand(modelsCommand());
program.addCommand(jobsCommand());
program.addCommand(keysCommand());

program
  .command('codes')
  .description(
    'refresh the codes of the live ranker and register it as a candidate; or show how healthy they are',
  )
  .option('--catalogue <key>', 'key of the catalogue; the newest import when left out')
  .option('--health', 'only show the health of the newest codes', false)
  .option('--seed <n>', 'seed', wholeNumber, 1)
  .option('--seconds <n>', 'most time to fit the decoder', wholeNumber, 300)
  .action((options: CodesOptions) => run((deps, signal) => codesCommand(deps, options, signal)));

program
  .command('rank')
  .description('rank for many people at once, one JSON line a person; run again after a stop, it goes on')
  .requiredOption('--people <who>', 'all, a file with one external id a line, or external ids: id,id')
  .requiredOption('--out <file>', 'JSON lines; those that are there stay')
  .option('--catalogue <key>', 'key of the catalogue; the newest import when left out')
  .option('--limit <n>', 'items a person, at most 400', wholeNumber, 20)
  .action((options: RankOptions) => run((deps, signal) => rankCommand(deps, options, signal)));

program
  .command('imagine')
  .description('tell what a person would want next if it could be anything, and the real items near it')
  .requiredOption('--person <id>', 'external id of the person')
  .option('--catalogue <key>', 'key of the catalogue; the newest import when left out')
  .option('--first <n>', 'real items to name', wholeNumber, 12)
  .action((options: ImagineOptions) => run((deps) => imagineCommand(deps, options)));

program
  .command('find')
  .description('items whose titles, topics or attributes hold these words, or words spelt alike')
  .argument('<words>', 'free words')
  .requiredOption('--person <id>', 'external id of the person asking')
  .option('--catalogue <key>', 'key of the catalogue; the newest import when left out')
  .option('--first <n>', 'how many', wholeNumber, 10)
  .action((text: string, options: DecodingOptions) => run((deps) => findCommand(deps, text, options)));

program
  .command('ground')
  .description('the real items that free words come nearest to in meaning')
  .argument('<words>', 'free words')
  .requiredOption('--person <id>', 'external id of the person asking')
  .option('--catalogue <key>', 'key of the catalogue; the newest import when left out')
  .option('--first <n>', 'how many', wholeNumber, 10)
  .action((text: string, options: DecodingOptions) => run((deps) => groundCommand(deps, text, options)));

program
  .command('session')
  .description('a list made as one: each item follows from the history and the items before it')
  .requiredOption('--person <id>', 'external id of the person')
  .option('--catalogue <key>', 'key of the catalogue; the newest import when left out')
  .option('--first <n>', 'how many, at most 30', wholeNumber, 10)
  .action((options: DecodingOptions) => run((deps) => sessionCommand(deps, options)));

program
  .command('train-images')
  .description('train the built-in picture model on the demo art; resumes from its last checkpoint')
  .option('--steps <n>', 'training steps of the base model', wholeNumber)
  .option('--folder <path>', 'checkpoints, log and samples', '.training/images')
  .action((options: { steps?: number; folder: string }) =>
    run((deps, signal) => trainImagesCommand(deps, options, signal)),
  );

program
  .command('schema')
  .description('write schema/schema.graphql from the resolvers')
  .option('--check', 'only compare', false)
  .action(schemaCommand);

function recipe(text: string): RankerRecipe {
  try {
    return parseRecipeText(text);
  } catch (error) {
    if (error instanceof DomainError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

function recipeHelp(): string {
  const rows = Object.entries(RECIPE_CHOICES).map(
    ([name, { wanted, help }]) => `  ${name.padEnd(14)} ${help} (${wanted})`,
  );
  return `\nChoices of --recipe:\n${rows.join('\n')}\n`;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError(`a whole number from 0 was wanted, "${text}" came`);
  return value;
}

await program.parseAsync();
