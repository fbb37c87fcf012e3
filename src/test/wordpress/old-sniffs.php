<?php
/**
 * Lets sniffs of 2018 run on PHP 8: PHP loads this before PHP_CodeSniffer (auto_prepend_file).
 *
 * They hand over a single text where PHP 7 took it for a list, and their own deprecations would end the
 * check of a file.
 */

namespace PHP_CodeSniffer\Files {
	/** Replaces PHP's in this namespace. */
	function vsprintf( $format, $values ) {
		return \vsprintf( $format, (array) $values );
	}
}

namespace PHP_CodeSniffer {
	/** Replaces PHP's in this namespace. */
	function set_error_handler( ...$unused ) {
		return \set_error_handler(
			static function () {
				return true;
			}
		);
	}
}
