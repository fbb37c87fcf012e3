/**
 * Check the connection, step by step. Without this script the form is posted, and does all of it in one go.
 */
( function () {
	'use strict';

	var words = window.aiRelayCheck;
	var form = document.getElementById( 'ai-relay-check-form' );
	var settings = document.getElementById( 'ai-relay-settings' );
	var list = document.getElementById( 'ai-relay-checks' );
	var status = document.getElementById( 'ai-relay-check-status' );
	var changed = false;
	if ( ! words || ! form || ! window.fetch ) {
		return;
	}
	settings.addEventListener( 'input', function () {
		changed = true;
	} );

	function ask( step ) {
		var body = new URLSearchParams( { action: 'ai_relay_check_step', nonce: words.nonce, step: step } );
		return fetch( words.url, { method: 'POST', body: body, credentials: 'same-origin' } ).then( function ( answer ) {
			return answer.json();
		} ).then( function ( answer ) {
			if ( ! answer.success ) {
				throw new Error( 'no answer' );
			}
			return answer.data;
		} );
	}

	/** Puts a check into the list, in place of the same one that was still waiting. */
	function show( step, html ) {
		var old = list.querySelector( '[data-check="' + step + '"]' );
		if ( old ) {
			old.remove();
		}
		list.insertAdjacentHTML( 'beforeend', html ); // Escaped by the server.
	}

	/** Makes a check, again as long as it is waiting, and then those after it. */
	function go( index ) {
		var step = words.steps[ index ];
		status.textContent = words.checks.replace( '%1$s', index + 1 ).replace( '%2$s', words.steps.length ).replace( '%3$s', step[ 1 ] );
		return ask( step[ 0 ] ).then( function ( check ) {
			show( step[ 0 ], check.html );
			if ( 'running' === check.status ) {
				return new Promise( function ( resolve ) {
					setTimeout( resolve, 1000 );
				} ).then( function () {
					return go( index );
				} );
			}
			return index + 1 < words.steps.length ? go( index + 1 ) : check.summary;
		} );
	}

	form.addEventListener( 'submit', function ( event ) {
		var button = form.querySelector( 'button' );
		event.preventDefault();
		if ( changed ) {
			status.textContent = words.unsaved;
			return;
		}
		if ( 'true' === button.getAttribute( 'aria-disabled' ) ) {
			return;
		}
		// Not disabled: that would take the focus away.
		button.setAttribute( 'aria-disabled', 'true' );
		list.textContent = '';
		list.hidden = false;
		list.setAttribute( 'aria-busy', 'true' );
		go( 0 ).catch( function () {
			return words.broken;
		} ).then( function ( summary ) {
			status.textContent = summary;
			button.removeAttribute( 'aria-disabled' );
			list.removeAttribute( 'aria-busy' );
		} );
	} );
}() );
