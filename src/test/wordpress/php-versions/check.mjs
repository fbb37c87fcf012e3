// Compiles PHP files, without running them, on the oldest and the newest PHP, and looks for functions of
// PHP that the oldest does not have.
//
//   node check.mjs FILE...
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// The packages are not beside this file: PHP_VERSIONS says where they were installed.
const installed = createRequire(pathToFileURL(join(process.env.PHP_VERSIONS, 'package.json')));
const load = (name) => installed(name);
const { loadPHPRuntime, PHP } = load('@php-wasm/universal');

const OLDEST = '7.4';
const NEWEST = '8.4';

/** What WordPress 6.1 itself adds where PHP has not got it (wp-includes/compat.php). */
const ADDED_BY_WORDPRESS = ['str_contains', 'str_starts_with', 'str_ends_with'];

async function start(version) {
	const { getPHPLoaderModule } = load(`@php-wasm/node-${version.replace('.', '-')}`);
	const php = new PHP(await loadPHPRuntime(await getPHPLoaderModule()));
	const answer = await php.run({ code: '<?php echo PHP_VERSION;' });
	if (!answer.text.startsWith(version)) {
		throw new Error(`PHP ${version} did not start: ${answer.text} ${answer.errors}`);
	}
	console.log(`PHP ${answer.text}`);
	return php;
}

/** Runs code that prints JSON; PHP itself may have broken down, so no JSON is a failure as well. */
async function ask(php, code) {
	const answer = await php.run({ code });
	try {
		return JSON.parse(answer.text);
	} catch {
		throw new Error(`PHP answered: ${answer.text} ${answer.errors}`);
	}
}

/** The first problem of each file. "return" comes first, so that everything is compiled and nothing runs. */
function syntaxProblems(php, files) {
	files.forEach((file, number) => php.writeFile(`/${number}.php`, readFileSync(file)));
	return ask(php, `<?php
		$problems = array();
		for ( $i = 0; $i < ${files.length}; $i++ ) {
			try {
				eval( 'return; ?>' . file_get_contents( "/$i.php" ) );
			} catch ( Error $error ) {
				$problems[ $i ] = $error->getLine() . ': ' . $error->getMessage();
			}
		}
		echo json_encode( (object) $problems );`);
}

/** The functions of PHP that the files call, by the PHP that has the most of them. */
function functionsCalled(php, files) {
	return ask(php, `<?php
		$called = array();
		for ( $i = 0; $i < ${files.length}; $i++ ) {
			$tokens = array_values( array_filter( token_get_all( file_get_contents( "/$i.php" ) ), function ( $token ) {
				return ! is_array( $token ) || ! in_array( $token[0], array( T_WHITESPACE, T_COMMENT, T_DOC_COMMENT ), true );
			} ) );
			foreach ( $tokens as $at => $token ) {
				$before = $tokens[ $at - 1 ][0] ?? '';
				if ( is_array( $token ) && T_STRING === $token[0] && '(' === ( $tokens[ $at + 1 ] ?? '' )
					&& ! in_array( $before, array( T_OBJECT_OPERATOR, T_NULLSAFE_OBJECT_OPERATOR, T_DOUBLE_COLON, T_FUNCTION, T_NEW ), true ) ) {
					$called[ strtolower( $token[1] ) ] = $i;
				}
			}
		}
		echo json_encode( (object) array_intersect_key( $called, array_flip( get_defined_functions()['internal'] ) ) );`);
}

const files = process.argv.slice(2);
const problems = [];
const php = {};
for (const version of [OLDEST, NEWEST]) {
	php[version] = await start(version);
	for (const [number, problem] of Object.entries(await syntaxProblems(php[version], files))) {
		problems.push(`${files[number]}:${problem} (PHP ${version})`);
	}
}
const called = await functionsCalled(php[NEWEST], files);
const known = new Set(await ask(php[OLDEST], "<?php echo json_encode( get_defined_functions()['internal'] );"));
for (const [name, number] of Object.entries(called)) {
	if (!known.has(name) && !ADDED_BY_WORDPRESS.includes(name)) {
		problems.push(`${files[number]}: ${name}() is not in PHP ${OLDEST}`);
	}
}
problems.forEach((problem) => console.error(problem));
if (!problems.length) {
	console.log(`${files.length} files, ${Object.keys(called).length} functions of PHP: as old and as new as they have to be`);
}
process.exit(problems.length ? 1 : 0);
