/**
 * The panel of the block editor: what the relay wrote about this post.
 *
 * It shows what the server has, asked for after a publication until the result is there, and keeps
 * that apart from the editor's own copy of the post: nothing a person is editing is touched, and
 * the post does not become "unsaved".
 */
( function ( wp ) {
	'use strict';

	const { createElement: el, Fragment, useEffect, useRef, useState } = wp.element;
	const { useSelect } = wp.data;
	const { __ } = wp.i18n;

	// WordPress 6.6 moved these from wp.editPost to wp.editor.
	const slots = wp.editor.PluginDocumentSettingPanel ? wp.editor : wp.editPost;

	/** Seconds between two looks: soon at first, then at leisure, about five minutes in all. */
	const PAUSES = [].concat( Array( 20 ).fill( 1.5 ), Array( 30 ).fill( 3 ), Array( 18 ).fill( 10 ) );

	const FIELDS = [
		[ 'summary', __( 'Summary', 'ai-relay' ) ],
		[ 'seo_title', __( 'SEO title', 'ai-relay' ) ],
		[ 'seo_description', __( 'SEO description', 'ai-relay' ) ],
		[ 'keywords', __( 'Keywords', 'ai-relay' ) ],
	];

	/** Our part of a post's meta, as text by field. */
	function read( meta ) {
		const values = {};
		FIELDS.forEach( function ( [ name ] ) {
			const value = ( meta || {} )[ 'ai_relay_' + name ];
			values[ name ] = Array.isArray( value ) ? value.join( ', ' ) : value || '';
		} );
		return values;
	}

	function isEmpty( values ) {
		return FIELDS.every( ( [ name ] ) => ! values[ name ] );
	}

	function same( one, other ) {
		return FIELDS.every( ( [ name ] ) => one[ name ] === other[ name ] );
	}

	/** The post as the editor knows it. */
	function usePost() {
		return useSelect( function ( select ) {
			const editor = select( 'core/editor' );
			const type = select( 'core' ).getPostType( editor.getCurrentPostType() );
			return {
				id: editor.getCurrentPostId(),
				status: editor.getCurrentPostAttribute( 'status' ),
				meta: editor.getCurrentPostAttribute( 'meta' ),
				path: type && '/' + ( type.rest_namespace || 'wp/v2' ) + '/' + type.rest_base,
			};
		}, [] );
	}

	/** The values to show, and whether we are `idle`, `waiting` for a result or have given `up`. */
	function useResult() {
		const { id, status, meta, path } = usePost();
		const [ values, setValues ] = useState( read( meta ) );
		const [ state, setState ] = useState( 'idle' );
		const before = useRef( status );
		const [ publications, setPublications ] = useState( 0 );

		// A post that is opened shows what it came with.
		useEffect( () => setValues( read( meta ) ), [ id ] );

		useEffect( () => {
			if ( before.current && before.current !== 'publish' && status === 'publish' ) {
				setPublications( ( count ) => count + 1 );
			}
			before.current = status;
		}, [ status ] );

		useEffect( () => {
			if ( ! publications || ! path ) {
				return undefined;
			}
			const known = values;
			let timer = null;
			let looks = 0;
			let over = false;

			function again() {
				if ( over ) {
					return;
				}
				if ( looks === PAUSES.length ) {
					setState( 'up' );
					return;
				}
				timer = setTimeout( look, PAUSES[ looks++ ] * 1000 );
			}

			function look() {
				const query = { context: 'edit', _fields: 'meta' };
				wp.apiFetch( { path: wp.url.addQueryArgs( path + '/' + id, query ) } ).then( function ( post ) {
					const found = read( post.meta );
					if ( over ) {
						return;
					}
					if ( isEmpty( found ) || same( found, known ) ) {
						again();
						return;
					}
					setValues( found );
					setState( 'idle' );
				}, again ); // No connection just now is no reason to stop.
			}

			setState( 'waiting' );
			again();
			return () => {
				over = true;
				clearTimeout( timer );
			};
		}, [ publications, id, path ] );

		return { values, state };
	}

	/** One line on where things are; read out when it changes. */
	function statusText( values, state ) {
		if ( state === 'waiting' ) {
			return __( 'Waiting for the AI result…', 'ai-relay' );
		}
		if ( state === 'up' ) {
			return __( 'No result yet. It will be here when you open this post again.', 'ai-relay' );
		}
		if ( isEmpty( values ) ) {
			return __( 'The summary appears here after the post is published.', 'ai-relay' );
		}
		return __( 'The AI result is here.', 'ai-relay' );
	}

	function Result( { values, state } ) {
		const filled = FIELDS.filter( ( [ name ] ) => values[ name ] );
		return el(
			'div',
			{ className: 'ai-relay-result', 'data-state': isEmpty( values ) && state === 'idle' ? 'empty' : state },
			el( 'p', { role: 'status', className: 'ai-relay-status' }, statusText( values, state ) ),
			state === 'waiting' && el( wp.components.Spinner ),
			filled.length > 0 &&
				el(
					'dl',
					{ style: { overflowWrap: 'anywhere' } },
					filled.map( ( [ name, label ] ) =>
						el(
							Fragment,
							{ key: name },
							el( 'dt', null, el( 'strong', null, label ) ),
							el( 'dd', { className: 'ai-relay-' + name.replace( '_', '-' ), style: { margin: '0 0 12px' } }, values[ name ] )
						)
					)
				)
		);
	}

	/** In the post's settings, and in what the editor shows right after a publication. */
	function Panels() {
		const result = useResult();
		const title = __( 'AI Relay', 'ai-relay' );
		return el(
			Fragment,
			null,
			el(
				slots.PluginDocumentSettingPanel,
				{ name: 'result', title, className: 'ai-relay-panel' },
				el( Result, result )
			),
			el(
				slots.PluginPostPublishPanel,
				{ title, initialOpen: true, className: 'ai-relay-published' },
				el( Result, result )
			)
		);
	}

	wp.plugins.registerPlugin( 'ai-relay', { render: Panels, icon: null } );
} )( window.wp );
