/**
 * What the panel of the block editor knows: what the server has about this post, asked for after a publication or an
 * update until the result is there. It is kept apart from the editor's own copy of the post: nothing a person is
 * editing is touched, and the post does not become "unsaved".
 */
( function ( wp, aiRelay ) {
	'use strict';

	const { useEffect, useRef, useState } = wp.element;
	const { useSelect } = wp.data;
	const { __ } = wp.i18n;

	/** Seconds between two looks: soon at first, then at leisure, about five minutes in all. */
	const PAUSES = [].concat( Array( 20 ).fill( 1.5 ), Array( 30 ).fill( 3 ), Array( 18 ).fill( 10 ) );

	/** The post as it was last saved; what a result depends on in one text. */
	function usePost() {
		return useSelect( function ( select ) {
			const editor = select( 'core/editor' );
			const saved = ( name ) => editor.getCurrentPostAttribute( name );
			return {
				id: editor.getCurrentPostId(),
				isPublished: saved( 'status' ) === 'publish',
				text: JSON.stringify( [ saved( 'title' ), saved( 'content' ), saved( 'excerpt' ) ] ),
			};
		}, [] );
	}

	/** The event that the latest save has raised: of which kind, and the how manieth since the editor was opened. */
	function useEvents( { id, isPublished, text } ) {
		const [ event, setEvent ] = useState( { name: '', count: 0 } );
		const before = useRef( null );
		useEffect( () => {
			const was = before.current;
			before.current = { id, isPublished, text };
			if ( ! was || was.id !== id || ! isPublished || ( was.isPublished && was.text === text ) ) {
				return;
			}
			const name = was.isPublished ? 'post.updated' : 'post.published';
			setEvent( ( { count } ) => ( { name, count: count + 1 } ) );
		}, [ id, isPublished, text ] );
		return event;
	}

	/**
	 * Looks again and again until there is a result that was not there before.
	 *
	 * @return {Function} Stops it.
	 */
	function lookFor( path, known, found, givenUp ) {
		let looks = 0;
		let over = false;
		let timer = null;

		function again() {
			if ( over ) {
				return;
			}
			if ( looks === PAUSES.length ) {
				givenUp();
				return;
			}
			timer = setTimeout( look, PAUSES[ looks++ ] * 1000 );
		}

		function look() {
			wp.apiFetch( { path } ).then( function ( state ) {
				if ( ! over && state.latest > known ) {
					found( state );
				} else {
					again();
				}
			}, again ); // No connection just now is no reason to stop.
		}

		again();
		return function () {
			over = true;
			clearTimeout( timer );
		};
	}

	/**
	 * What there is: `state` as the server says (null until it has), `phase` (`idle`, `waiting` for a result, given
	 * `up`, `busy` with what a person asked for), a `message` about that, and `act` to ask for something.
	 */
	aiRelay.useResult = function () {
		const post = usePost();
		const event = useEvents( post );
		const path = '/ai-relay/v1/posts/' + post.id;
		const [ state, setState ] = useState( null );
		const [ phase, setPhase ] = useState( 'idle' );
		const [ message, setMessage ] = useState( null );
		const latest = useRef( 0 );
		latest.current = state ? state.latest : 0;

		useEffect( () => {
			if ( post.id ) {
				wp.apiFetch( { path } ).then( setState, ( error ) => setMessage( { text: error.message, isError: true } ) );
			}
		}, [ path ] );

		useEffect( () => {
			if ( ! event.count || ! state || ! state.awaited.includes( event.name ) ) {
				return undefined;
			}
			setPhase( 'waiting' );
			setMessage( null );
			return lookFor(
				path,
				latest.current,
				function ( found ) {
					setState( found );
					setPhase( 'idle' );
				},
				() => setPhase( 'up' )
			);
		}, [ event.count, path, state !== null ] );

		/** @return {Promise<boolean>} Whether it was done. */
		function act( data ) {
			const before = phase;
			setPhase( 'busy' );
			setMessage( null );
			return wp.apiFetch( { path, method: 'POST', data } ).then(
				function ( after ) {
					setState( after );
					setMessage( { text: after.message } );
					setPhase( before );
					return true;
				},
				function ( error ) {
					setMessage( { text: error.message || __( 'This site could not be reached. Try again.', 'ai-relay' ), isError: true } );
					setPhase( before );
					return wp.apiFetch( { path } ).then( setState, () => {} ).then( () => false );
				}
			);
		}

		return { state, phase, message, act };
	};

	/**
	 * A save of the post leaves our texts alone. The editor sends all of a post's meta as it was when the post was
	 * opened as soon as any of it was edited, and so would take back what has come since.
	 */
	wp.apiFetch.use( function ( options, next ) {
		const meta = options.data && options.data.meta;
		if ( ! meta || typeof meta !== 'object' || Array.isArray( meta ) ) {
			return next( options );
		}
		const known = wp.data.select( 'core/editor' ).getCurrentPostAttribute( 'meta' ) || {};
		const sent = Object.keys( meta ).filter(
			( key ) => key.indexOf( 'ai_relay_' ) !== 0 || JSON.stringify( meta[ key ] ) !== JSON.stringify( known[ key ] )
		);
		const data = Object.assign( {}, options.data, { meta: Object.fromEntries( sent.map( ( key ) => [ key, meta[ key ] ] ) ) } );
		return next( Object.assign( {}, options, { data } ) );
	} );
} )( window.wp, window.aiRelay );
