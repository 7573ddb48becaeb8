--
-- PostgreSQL database dump
--

-- Dumped from database version 16.2
-- Dumped by pg_dump version 16.2

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: metrics_counted(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.metrics_counted() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            IF TG_OP <> 'INSERT' THEN 
    UPDATE metric_counts SET runs = runs - 1
    WHERE pipeline_id = OLD.pipeline_id AND experiment_id = OLD.experiment_id AND name = OLD.name;
    DELETE FROM metric_counts
    WHERE pipeline_id = OLD.pipeline_id AND experiment_id = OLD.experiment_id AND name = OLD.name AND runs <= 0;
 END IF;
            IF TG_OP <> 'DELETE' THEN 
    INSERT INTO metric_counts (pipeline_id, experiment_id, name, runs)
    VALUES (NEW.pipeline_id, NEW.experiment_id, NEW.name, 1)
    ON CONFLICT (pipeline_id, experiment_id, name) DO UPDATE SET runs = metric_counts.runs + 1;
 END IF;
            RETURN NULL;
        END $$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: alembic_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);


--
-- Name: artifacts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.artifacts (
    id character varying(36) NOT NULL,
    step_id character varying(36) NOT NULL,
    name text NOT NULL,
    number integer NOT NULL,
    pipeline_id character varying(36) NOT NULL,
    version integer NOT NULL,
    kind character varying(20) NOT NULL,
    python_type text NOT NULL,
    materializer text NOT NULL,
    uri text NOT NULL,
    size bigint NOT NULL,
    digest character varying(64) NOT NULL,
    rows bigint,
    columns json NOT NULL,
    created_at bigint NOT NULL
);


--
-- Name: catalog_info; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.catalog_info (
    key character varying(40) NOT NULL,
    value text NOT NULL
);


--
-- Name: curated_visualizations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.curated_visualizations (
    id character varying(36) NOT NULL,
    project_id character varying(36) NOT NULL,
    visualization_id character varying(36) NOT NULL,
    resource_type character varying(20) NOT NULL,
    resource_id character varying(36) NOT NULL,
    display_name text,
    display_order integer,
    layout_size character varying(20) NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);


--
-- Name: deployments; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.deployments (
    id character varying(36) NOT NULL,
    project_id character varying(36) NOT NULL,
    name text NOT NULL,
    pipeline_id character varying(36),
    created_at bigint NOT NULL
);


--
-- Name: experiments; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.experiments (
    id character varying(36) NOT NULL,
    project_id character varying(36) NOT NULL,
    name text NOT NULL,
    created_at bigint NOT NULL
);


--
-- Name: metric_counts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.metric_counts (
    pipeline_id character varying(36) NOT NULL,
    experiment_id character varying(36) NOT NULL,
    name character varying(64) NOT NULL,
    runs integer NOT NULL
);


--
-- Name: metrics; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.metrics (
    run_id character varying(36) NOT NULL,
    name character varying(64) NOT NULL,
    value double precision NOT NULL,
    format character varying(12) NOT NULL,
    goal character varying(8),
    step_id character varying(36),
    pipeline_id character varying(36) NOT NULL,
    experiment_id character varying(36) NOT NULL
);


--
-- Name: models; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.models (
    id character varying(36) NOT NULL,
    project_id character varying(36) NOT NULL,
    name text NOT NULL,
    created_at bigint NOT NULL
);


--
-- Name: pipelines; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.pipelines (
    id character varying(36) NOT NULL,
    project_id character varying(36) NOT NULL,
    name text NOT NULL,
    created_at bigint NOT NULL
);


--
-- Name: projects; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.projects (
    id character varying(36) NOT NULL,
    name text NOT NULL,
    created_at bigint NOT NULL
);


--
-- Name: run_parameters; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.run_parameters (
    run_id character varying(36) NOT NULL,
    name text NOT NULL,
    text text NOT NULL,
    number double precision
);


--
-- Name: run_tags; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.run_tags (
    run_id character varying(36) NOT NULL,
    tag text NOT NULL
);


--
-- Name: runs; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.runs (
    id character varying(36) NOT NULL,
    pipeline_id character varying(36) NOT NULL,
    experiment_id character varying(36),
    snapshot_id character varying(36),
    model_id character varying(36),
    name text NOT NULL,
    status character varying(20) NOT NULL,
    started_at bigint NOT NULL,
    ended_at bigint,
    error text,
    parameters json NOT NULL,
    warnings json NOT NULL,
    beat_at bigint NOT NULL,
    host text,
    pid integer,
    born text
);


--
-- Name: snapshots; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.snapshots (
    id character varying(36) NOT NULL,
    pipeline_id character varying(36) NOT NULL,
    number integer NOT NULL,
    digest character varying(64) NOT NULL,
    configuration json NOT NULL,
    code_digest character varying(64),
    packages json NOT NULL,
    git_commit character varying(64),
    created_at bigint NOT NULL
);


--
-- Name: step_inputs; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.step_inputs (
    step_id character varying(36) NOT NULL,
    name text NOT NULL,
    artifact_id character varying(36) NOT NULL
);


--
-- Name: step_logs; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.step_logs (
    step_id character varying(36) NOT NULL,
    number integer NOT NULL,
    text text NOT NULL
);


--
-- Name: steps; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.steps (
    id character varying(36) NOT NULL,
    run_id character varying(36) NOT NULL,
    name text NOT NULL,
    "position" integer NOT NULL,
    status character varying(20) NOT NULL,
    started_at bigint NOT NULL,
    ended_at bigint,
    error text,
    traceback text,
    parameters json NOT NULL
);


--
-- Name: visualizations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.visualizations (
    id character varying(36) NOT NULL,
    artifact_id character varying(36),
    name text NOT NULL,
    format character varying(20) NOT NULL,
    origin character varying(20) NOT NULL,
    recipe text,
    status character varying(20) NOT NULL,
    freshness character varying(10),
    size bigint,
    uri text,
    owner text NOT NULL,
    source text,
    arguments json NOT NULL,
    code text,
    request_key character varying(64),
    metrics json NOT NULL,
    provenance json NOT NULL,
    error_code character varying(40),
    error_message text,
    error_traceback text,
    created_at bigint NOT NULL,
    started_at bigint,
    ended_at bigint,
    beat_at bigint NOT NULL,
    host text,
    pid integer,
    born text
);


--
-- Data for Name: alembic_version; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.alembic_version VALUES ('0001');


--
-- Data for Name: artifacts; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.artifacts VALUES ('c7710c98-92da-4ce9-96d6-95697f3ed788', '3a59386c-6173-4b42-ba4e-c19ab973d2ba', 'data', 0, 'b60619a9-413a-4324-b413-7e2ba3cff51c', 1, 'table', 'pandas.DataFrame', 'jupyter_viz.materializers.tables.DataFrameMaterializer', '/srv/viz/artifacts/runs/3e401e65-b68a-412e-b373-b755d3dacb4b/data', 1099511627776, 'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd', 3, '[{"name": "a", "type": "number"}, {"name": "\u00e9", "type": "text"}]', 1795626028411010);
INSERT INTO public.artifacts VALUES ('c58915ec-552d-4907-b39c-fd7f95de24db', '481abc18-05d5-4ae2-9bbd-009df67e999a', 'model', 0, 'b60619a9-413a-4324-b413-7e2ba3cff51c', 1, 'table', 'pandas.DataFrame', 'jupyter_viz.materializers.tables.DataFrameMaterializer', '/srv/viz/artifacts/runs/3e401e65-b68a-412e-b373-b755d3dacb4b/model', 1099511627776, 'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd', 3, '[{"name": "a", "type": "number"}, {"name": "\u00e9", "type": "text"}]', 1795626028470984);
INSERT INTO public.artifacts VALUES ('4c454077-598a-452a-87ec-55613380b506', 'd628aad7-3f36-44c8-be15-1b54e00565d3', 'data', 0, 'b60619a9-413a-4324-b413-7e2ba3cff51c', 2, 'table', 'pandas.DataFrame', 'jupyter_viz.materializers.tables.DataFrameMaterializer', '/srv/viz/artifacts/runs/893015cb-8a25-4009-b077-bfde76b1c71c/data', 1099511627776, 'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd', 3, '[{"name": "a", "type": "number"}, {"name": "\u00e9", "type": "text"}]', 1795626028622825);
INSERT INTO public.artifacts VALUES ('d11b09f3-8071-4412-bcbb-dbf317b9a269', 'bbfc860b-c837-4fa0-a41e-f6326da52144', 'model', 0, 'b60619a9-413a-4324-b413-7e2ba3cff51c', 2, 'table', 'pandas.DataFrame', 'jupyter_viz.materializers.tables.DataFrameMaterializer', '/srv/viz/artifacts/runs/893015cb-8a25-4009-b077-bfde76b1c71c/model', 1099511627776, 'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd', 3, '[{"name": "a", "type": "number"}, {"name": "\u00e9", "type": "text"}]', 1795626028671010);
INSERT INTO public.artifacts VALUES ('e9ce046f-1775-49d1-802e-a107f14d9aab', '908cf5cd-8e0b-4c0c-8aa0-4c6dfa13f236', 'data', 0, 'b60619a9-413a-4324-b413-7e2ba3cff51c', 3, 'table', 'pandas.DataFrame', 'jupyter_viz.materializers.tables.DataFrameMaterializer', '/srv/viz/artifacts/runs/ad12c6ff-c669-4d2f-9090-35ce67f9fc9c/data', 1099511627776, 'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd', 3, '[{"name": "a", "type": "number"}, {"name": "\u00e9", "type": "text"}]', 1795626028730928);
INSERT INTO public.artifacts VALUES ('9a8fe218-bd1d-4c13-99ae-ff83a9736add', 'adf4d7d8-6fea-4d29-8f53-8bda13cfdbed', 'model', 0, 'b60619a9-413a-4324-b413-7e2ba3cff51c', 3, 'table', 'pandas.DataFrame', 'jupyter_viz.materializers.tables.DataFrameMaterializer', '/srv/viz/artifacts/runs/ad12c6ff-c669-4d2f-9090-35ce67f9fc9c/model', 1099511627776, 'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd', 3, '[{"name": "a", "type": "number"}, {"name": "\u00e9", "type": "text"}]', 1795626028783037);
INSERT INTO public.artifacts VALUES ('97a31c6f-4d48-4bd9-ac0e-f9e7faa9ee15', 'fab37c9b-057f-4104-afad-0712fe9b4ee1', 'data', 0, 'b60619a9-413a-4324-b413-7e2ba3cff51c', 4, 'table', 'pandas.DataFrame', 'jupyter_viz.materializers.tables.DataFrameMaterializer', '/srv/viz/artifacts/runs/0cb7d33b-dbeb-4c1d-833c-c097afbc4c75/data', 1099511627776, 'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd', 3, '[{"name": "a", "type": "number"}, {"name": "\u00e9", "type": "text"}]', 1795626028847058);
INSERT INTO public.artifacts VALUES ('5b228ab7-8041-4e68-bb9c-a27a185350aa', '8d435209-8d09-4cc8-b129-b259bd855405', 'model', 0, 'b60619a9-413a-4324-b413-7e2ba3cff51c', 4, 'table', 'pandas.DataFrame', 'jupyter_viz.materializers.tables.DataFrameMaterializer', '/srv/viz/artifacts/runs/0cb7d33b-dbeb-4c1d-833c-c097afbc4c75/model', 1099511627776, 'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd', 3, '[{"name": "a", "type": "number"}, {"name": "\u00e9", "type": "text"}]', 1795626028895097);


--
-- Data for Name: catalog_info; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.catalog_info VALUES ('id', '147353b7-a4e7-4e26-ac7c-e79d8ff476a4');


--
-- Data for Name: curated_visualizations; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.curated_visualizations VALUES ('a504f796-6fc6-4585-b404-251195ee39ed', '7dff5017-32e5-489f-b540-3b07cebcbc2f', 'df7699f4-9872-4b92-b432-3540cca838ed', 'project', '7dff5017-32e5-489f-b540-3b07cebcbc2f', 'Head', 1, 'full_width', 1, 2);


--
-- Data for Name: deployments; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.deployments VALUES ('8c35fa2c-f390-468b-a4ab-645accb2e971', '7dff5017-32e5-489f-b540-3b07cebcbc2f', 'live', 'b60619a9-413a-4324-b413-7e2ba3cff51c', 1795626028931632);


--
-- Data for Name: experiments; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.experiments VALUES ('0ec66abb-5388-4cc3-96e9-355b0f2c77d0', '7dff5017-32e5-489f-b540-3b07cebcbc2f', 'regularization', 1795626028357925);


--
-- Data for Name: metric_counts; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.metric_counts VALUES ('b60619a9-413a-4324-b413-7e2ba3cff51c', '0ec66abb-5388-4cc3-96e9-355b0f2c77d0', 'auc', 4);
INSERT INTO public.metric_counts VALUES ('b60619a9-413a-4324-b413-7e2ba3cff51c', '0ec66abb-5388-4cc3-96e9-355b0f2c77d0', 'loss', 4);


--
-- Data for Name: metrics; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.metrics VALUES ('3e401e65-b68a-412e-b373-b755d3dacb4b', 'auc', 0.1, 'RAW', 'higher', '481abc18-05d5-4ae2-9bbd-009df67e999a', 'b60619a9-413a-4324-b413-7e2ba3cff51c', '0ec66abb-5388-4cc3-96e9-355b0f2c77d0');
INSERT INTO public.metrics VALUES ('3e401e65-b68a-412e-b373-b755d3dacb4b', 'loss', 1e-300, 'RAW', NULL, '481abc18-05d5-4ae2-9bbd-009df67e999a', 'b60619a9-413a-4324-b413-7e2ba3cff51c', '0ec66abb-5388-4cc3-96e9-355b0f2c77d0');
INSERT INTO public.metrics VALUES ('893015cb-8a25-4009-b077-bfde76b1c71c', 'auc', 0.30000000000000004, 'RAW', 'higher', 'bbfc860b-c837-4fa0-a41e-f6326da52144', 'b60619a9-413a-4324-b413-7e2ba3cff51c', '0ec66abb-5388-4cc3-96e9-355b0f2c77d0');
INSERT INTO public.metrics VALUES ('893015cb-8a25-4009-b077-bfde76b1c71c', 'loss', 1e-300, 'RAW', NULL, 'bbfc860b-c837-4fa0-a41e-f6326da52144', 'b60619a9-413a-4324-b413-7e2ba3cff51c', '0ec66abb-5388-4cc3-96e9-355b0f2c77d0');
INSERT INTO public.metrics VALUES ('ad12c6ff-c669-4d2f-9090-35ce67f9fc9c', 'auc', 0.5, 'RAW', 'higher', 'adf4d7d8-6fea-4d29-8f53-8bda13cfdbed', 'b60619a9-413a-4324-b413-7e2ba3cff51c', '0ec66abb-5388-4cc3-96e9-355b0f2c77d0');
INSERT INTO public.metrics VALUES ('ad12c6ff-c669-4d2f-9090-35ce67f9fc9c', 'loss', 1e-300, 'RAW', NULL, 'adf4d7d8-6fea-4d29-8f53-8bda13cfdbed', 'b60619a9-413a-4324-b413-7e2ba3cff51c', '0ec66abb-5388-4cc3-96e9-355b0f2c77d0');
INSERT INTO public.metrics VALUES ('0cb7d33b-dbeb-4c1d-833c-c097afbc4c75', 'auc', 0.7000000000000001, 'RAW', 'higher', '8d435209-8d09-4cc8-b129-b259bd855405', 'b60619a9-413a-4324-b413-7e2ba3cff51c', '0ec66abb-5388-4cc3-96e9-355b0f2c77d0');
INSERT INTO public.metrics VALUES ('0cb7d33b-dbeb-4c1d-833c-c097afbc4c75', 'loss', 1e-300, 'RAW', NULL, '8d435209-8d09-4cc8-b129-b259bd855405', 'b60619a9-413a-4324-b413-7e2ba3cff51c', '0ec66abb-5388-4cc3-96e9-355b0f2c77d0');


--
-- Data for Name: models; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.models VALUES ('f910e4e1-5517-4e4c-83f1-7810677b1783', '7dff5017-32e5-489f-b540-3b07cebcbc2f', 'churn', 1795626028364812);


--
-- Data for Name: pipelines; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.pipelines VALUES ('b60619a9-413a-4324-b413-7e2ba3cff51c', '7dff5017-32e5-489f-b540-3b07cebcbc2f', 'churn', 1795626028353608);


--
-- Data for Name: projects; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.projects VALUES ('7dff5017-32e5-489f-b540-3b07cebcbc2f', 'team é', 1795626028345232);


--
-- Data for Name: run_parameters; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.run_parameters VALUES ('3e401e65-b68a-412e-b373-b755d3dacb4b', 'C', '0.0', 0);
INSERT INTO public.run_parameters VALUES ('3e401e65-b68a-412e-b373-b755d3dacb4b', 'solver', 'lbfgs', NULL);
INSERT INTO public.run_parameters VALUES ('3e401e65-b68a-412e-b373-b755d3dacb4b', 'deep', '{"a": [1, null]}', NULL);
INSERT INTO public.run_parameters VALUES ('893015cb-8a25-4009-b077-bfde76b1c71c', 'C', '0.1', 0.1);
INSERT INTO public.run_parameters VALUES ('893015cb-8a25-4009-b077-bfde76b1c71c', 'solver', 'lbfgs', NULL);
INSERT INTO public.run_parameters VALUES ('893015cb-8a25-4009-b077-bfde76b1c71c', 'deep', '{"a": [1, null]}', NULL);
INSERT INTO public.run_parameters VALUES ('ad12c6ff-c669-4d2f-9090-35ce67f9fc9c', 'C', '0.2', 0.2);
INSERT INTO public.run_parameters VALUES ('ad12c6ff-c669-4d2f-9090-35ce67f9fc9c', 'solver', 'lbfgs', NULL);
INSERT INTO public.run_parameters VALUES ('ad12c6ff-c669-4d2f-9090-35ce67f9fc9c', 'deep', '{"a": [1, null]}', NULL);
INSERT INTO public.run_parameters VALUES ('0cb7d33b-dbeb-4c1d-833c-c097afbc4c75', 'C', '0.30000000000000004', 0.30000000000000004);
INSERT INTO public.run_parameters VALUES ('0cb7d33b-dbeb-4c1d-833c-c097afbc4c75', 'solver', 'lbfgs', NULL);
INSERT INTO public.run_parameters VALUES ('0cb7d33b-dbeb-4c1d-833c-c097afbc4c75', 'deep', '{"a": [1, null]}', NULL);


--
-- Data for Name: run_tags; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.run_tags VALUES ('3e401e65-b68a-412e-b373-b755d3dacb4b', 'nightly');
INSERT INTO public.run_tags VALUES ('3e401e65-b68a-412e-b373-b755d3dacb4b', '日本');
INSERT INTO public.run_tags VALUES ('893015cb-8a25-4009-b077-bfde76b1c71c', 'nightly');
INSERT INTO public.run_tags VALUES ('893015cb-8a25-4009-b077-bfde76b1c71c', '日本');
INSERT INTO public.run_tags VALUES ('ad12c6ff-c669-4d2f-9090-35ce67f9fc9c', 'nightly');
INSERT INTO public.run_tags VALUES ('ad12c6ff-c669-4d2f-9090-35ce67f9fc9c', '日本');
INSERT INTO public.run_tags VALUES ('0cb7d33b-dbeb-4c1d-833c-c097afbc4c75', 'nightly');
INSERT INTO public.run_tags VALUES ('0cb7d33b-dbeb-4c1d-833c-c097afbc4c75', '日本');


--
-- Data for Name: runs; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.runs VALUES ('3e401e65-b68a-412e-b373-b755d3dacb4b', 'b60619a9-413a-4324-b413-7e2ba3cff51c', '0ec66abb-5388-4cc3-96e9-355b0f2c77d0', '52800d03-9bc8-4d2f-a4c6-dc3d48a38c26', 'f910e4e1-5517-4e4c-83f1-7810677b1783', 'nightly', 'completed', 1795626028342805, 1795626028481550, NULL, '{"C": 0.0, "solver": "lbfgs", "deep": {"a": [1, null]}}', '["metric ''a b'' was refused"]', 1, 'elsewhere', 1, '1');
INSERT INTO public.runs VALUES ('893015cb-8a25-4009-b077-bfde76b1c71c', 'b60619a9-413a-4324-b413-7e2ba3cff51c', '0ec66abb-5388-4cc3-96e9-355b0f2c77d0', '52800d03-9bc8-4d2f-a4c6-dc3d48a38c26', 'f910e4e1-5517-4e4c-83f1-7810677b1783', 'nightly-2', 'failed', 1795626028581257, 1795626028695297, 'ValueError: x', '{"C": 0.1, "solver": "lbfgs", "deep": {"a": [1, null]}}', '["metric ''a b'' was refused"]', 1, 'elsewhere', 1, '1');
INSERT INTO public.runs VALUES ('ad12c6ff-c669-4d2f-9090-35ce67f9fc9c', 'b60619a9-413a-4324-b413-7e2ba3cff51c', '0ec66abb-5388-4cc3-96e9-355b0f2c77d0', '52800d03-9bc8-4d2f-a4c6-dc3d48a38c26', 'f910e4e1-5517-4e4c-83f1-7810677b1783', 'nightly-3', 'interrupted', 1795626028698900, 1795626028807077, NULL, '{"C": 0.2, "solver": "lbfgs", "deep": {"a": [1, null]}}', '["metric ''a b'' was refused"]', 1, 'elsewhere', 1, '1');
INSERT INTO public.runs VALUES ('0cb7d33b-dbeb-4c1d-833c-c097afbc4c75', 'b60619a9-413a-4324-b413-7e2ba3cff51c', '0ec66abb-5388-4cc3-96e9-355b0f2c77d0', '52800d03-9bc8-4d2f-a4c6-dc3d48a38c26', 'f910e4e1-5517-4e4c-83f1-7810677b1783', 'nightly-4', 'running', 1795626028814914, NULL, NULL, '{"C": 0.30000000000000004, "solver": "lbfgs", "deep": {"a": [1, null]}}', '["metric ''a b'' was refused"]', 1, 'elsewhere', 1, '1');


--
-- Data for Name: snapshots; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.snapshots VALUES ('52800d03-9bc8-4d2f-a4c6-dc3d48a38c26', 'b60619a9-413a-4324-b413-7e2ba3cff51c', 1, 'ba29281928a63148d478998041e23586c39414e9c59cd7b66564903bd283d41e', '{"tags": ["nightly"]}', 'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc', '{"pandas": "3.1.1"}', '9999999999999999999999999999999999999999', 1795626028379293);


--
-- Data for Name: step_inputs; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.step_inputs VALUES ('481abc18-05d5-4ae2-9bbd-009df67e999a', 'frame', 'c7710c98-92da-4ce9-96d6-95697f3ed788');
INSERT INTO public.step_inputs VALUES ('bbfc860b-c837-4fa0-a41e-f6326da52144', 'frame', '4c454077-598a-452a-87ec-55613380b506');
INSERT INTO public.step_inputs VALUES ('adf4d7d8-6fea-4d29-8f53-8bda13cfdbed', 'frame', 'e9ce046f-1775-49d1-802e-a107f14d9aab');
INSERT INTO public.step_inputs VALUES ('8d435209-8d09-4cc8-b129-b259bd855405', 'frame', '97a31c6f-4d48-4bd9-ac0e-f9e7faa9ee15');


--
-- Data for Name: step_logs; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.step_logs VALUES ('3a59386c-6173-4b42-ba4e-c19ab973d2ba', 0, 'reading…
');
INSERT INTO public.step_logs VALUES ('3a59386c-6173-4b42-ba4e-c19ab973d2ba', 1, 'read
');
INSERT INTO public.step_logs VALUES ('d628aad7-3f36-44c8-be15-1b54e00565d3', 0, 'reading…
');
INSERT INTO public.step_logs VALUES ('d628aad7-3f36-44c8-be15-1b54e00565d3', 1, 'read
');
INSERT INTO public.step_logs VALUES ('908cf5cd-8e0b-4c0c-8aa0-4c6dfa13f236', 0, 'reading…
');
INSERT INTO public.step_logs VALUES ('908cf5cd-8e0b-4c0c-8aa0-4c6dfa13f236', 1, 'read
');
INSERT INTO public.step_logs VALUES ('fab37c9b-057f-4104-afad-0712fe9b4ee1', 0, 'reading…
');
INSERT INTO public.step_logs VALUES ('fab37c9b-057f-4104-afad-0712fe9b4ee1', 1, 'read
');


--
-- Data for Name: steps; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.steps VALUES ('3a59386c-6173-4b42-ba4e-c19ab973d2ba', '3e401e65-b68a-412e-b373-b755d3dacb4b', 'load', 0, 'completed', 1795626028403107, 1795626028440866, NULL, NULL, '{"path": "a.csv"}');
INSERT INTO public.steps VALUES ('481abc18-05d5-4ae2-9bbd-009df67e999a', '3e401e65-b68a-412e-b373-b755d3dacb4b', 'fit', 1, 'completed', 1795626028451160, 1795626028479915, NULL, NULL, '{}');
INSERT INTO public.steps VALUES ('d628aad7-3f36-44c8-be15-1b54e00565d3', '893015cb-8a25-4009-b077-bfde76b1c71c', 'load', 0, 'completed', 1795626028619296, 1795626028647257, NULL, NULL, '{"path": "a.csv"}');
INSERT INTO public.steps VALUES ('bbfc860b-c837-4fa0-a41e-f6326da52144', '893015cb-8a25-4009-b077-bfde76b1c71c', 'fit', 1, 'failed', 1795626028649873, 1795626028687140, 'ValueError: x', 'Traceback
ValueError: x', '{}');
INSERT INTO public.steps VALUES ('908cf5cd-8e0b-4c0c-8aa0-4c6dfa13f236', 'ad12c6ff-c669-4d2f-9090-35ce67f9fc9c', 'load', 0, 'completed', 1795626028727109, 1795626028755294, NULL, NULL, '{"path": "a.csv"}');
INSERT INTO public.steps VALUES ('adf4d7d8-6fea-4d29-8f53-8bda13cfdbed', 'ad12c6ff-c669-4d2f-9090-35ce67f9fc9c', 'fit', 1, 'interrupted', 1795626028759060, 1795626028803281, NULL, NULL, '{}');
INSERT INTO public.steps VALUES ('fab37c9b-057f-4104-afad-0712fe9b4ee1', '0cb7d33b-dbeb-4c1d-833c-c097afbc4c75', 'load', 0, 'completed', 1795626028839304, 1795626028871212, NULL, NULL, '{"path": "a.csv"}');
INSERT INTO public.steps VALUES ('8d435209-8d09-4cc8-b129-b259bd855405', '0cb7d33b-dbeb-4c1d-833c-c097afbc4c75', 'fit', 1, 'running', 1795626028874987, NULL, NULL, NULL, '{}');


--
-- Data for Name: visualizations; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.visualizations VALUES ('06b4526c-47ed-41bf-ac26-a8ff62794b72', 'c7710c98-92da-4ce9-96d6-95697f3ed788', 'page', 'html', 'materializer', NULL, 'completed', NULL, 7, '/x', 'owner', NULL, '{}', NULL, NULL, '{}', '{}', NULL, NULL, NULL, 1795626028411010, NULL, NULL, 1795626028411010, NULL, NULL, NULL);
INSERT INTO public.visualizations VALUES ('c4da07d1-00f6-42a2-bff1-df439bca1f1e', 'c58915ec-552d-4907-b39c-fd7f95de24db', 'curve', 'image', 'materializer', NULL, 'failed', NULL, 0, NULL, 'owner', NULL, '{}', NULL, NULL, '{}', '{}', 'f', 'no display', 'Traceback', 1795626028470984, NULL, NULL, 1795626028470984, NULL, NULL, NULL);
INSERT INTO public.visualizations VALUES ('b99cbc42-57a5-4454-bee7-8339eea67c16', '4c454077-598a-452a-87ec-55613380b506', 'page', 'html', 'materializer', NULL, 'completed', NULL, 7, '/x', 'owner', NULL, '{}', NULL, NULL, '{}', '{}', NULL, NULL, NULL, 1795626028622825, NULL, NULL, 1795626028622825, NULL, NULL, NULL);
INSERT INTO public.visualizations VALUES ('7646d40e-53ca-417f-be55-489f6bee28d9', 'd11b09f3-8071-4412-bcbb-dbf317b9a269', 'curve', 'image', 'materializer', NULL, 'failed', NULL, 0, NULL, 'owner', NULL, '{}', NULL, NULL, '{}', '{}', 'f', 'no display', 'Traceback', 1795626028671010, NULL, NULL, 1795626028671010, NULL, NULL, NULL);
INSERT INTO public.visualizations VALUES ('a1d1773a-1b61-4db5-8d60-843e271cf616', 'e9ce046f-1775-49d1-802e-a107f14d9aab', 'page', 'html', 'materializer', NULL, 'completed', NULL, 7, '/x', 'owner', NULL, '{}', NULL, NULL, '{}', '{}', NULL, NULL, NULL, 1795626028730928, NULL, NULL, 1795626028730928, NULL, NULL, NULL);
INSERT INTO public.visualizations VALUES ('6cc7b1cc-32c2-44dc-9df9-09926bfef80a', '9a8fe218-bd1d-4c13-99ae-ff83a9736add', 'curve', 'image', 'materializer', NULL, 'failed', NULL, 0, NULL, 'owner', NULL, '{}', NULL, NULL, '{}', '{}', 'f', 'no display', 'Traceback', 1795626028783037, NULL, NULL, 1795626028783037, NULL, NULL, NULL);
INSERT INTO public.visualizations VALUES ('7a775a83-c111-439a-be9b-ee8524b40df6', '97a31c6f-4d48-4bd9-ac0e-f9e7faa9ee15', 'page', 'html', 'materializer', NULL, 'completed', NULL, 7, '/x', 'owner', NULL, '{}', NULL, NULL, '{}', '{}', NULL, NULL, NULL, 1795626028847058, NULL, NULL, 1795626028847058, NULL, NULL, NULL);
INSERT INTO public.visualizations VALUES ('beb1067e-5fab-413f-8a58-efb81c9be387', '5b228ab7-8041-4e68-bb9c-a27a185350aa', 'curve', 'image', 'materializer', NULL, 'failed', NULL, 0, NULL, 'owner', NULL, '{}', NULL, NULL, '{}', '{}', 'f', 'no display', 'Traceback', 1795626028895097, NULL, NULL, 1795626028895097, NULL, NULL, NULL);
INSERT INTO public.visualizations VALUES ('df7699f4-9872-4b92-b432-3540cca838ed', 'c7710c98-92da-4ce9-96d6-95697f3ed788', 'Table', 'notebook', 'recipe', 'table', 'completed', 'new', 9, '/srv/viz/r', 'owner', 'churn@latest/data', '{"rows": 5}', NULL, 'kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk', '{"rows": 3.0}', '{"recipe": "table"}', NULL, NULL, NULL, 1795626028483723, 1795626028504620, 1795626028514862, 1, 'elsewhere', 1, '1');
INSERT INTO public.visualizations VALUES ('e44b98f3-bf25-45be-b274-c4da0021adee', 'c7710c98-92da-4ce9-96d6-95697f3ed788', 'Table', 'notebook', 'recipe', 'table', 'failed', 'new', 9, '/srv/viz/r', 'user:ann', 'churn@latest/data', '{"rows": 5}', NULL, 'kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk', '{"rows": 3.0}', '{"recipe": "table"}', 'missing_column', 'There is no column ''x''.', NULL, 1795626028549406, 1795626028564986, 1795626028573173, 1, 'elsewhere', 1, '1');


--
-- Name: alembic_version alembic_version_pkc; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);


--
-- Name: artifacts pk_artifacts; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.artifacts
    ADD CONSTRAINT pk_artifacts PRIMARY KEY (id);


--
-- Name: catalog_info pk_catalog_info; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.catalog_info
    ADD CONSTRAINT pk_catalog_info PRIMARY KEY (key);


--
-- Name: curated_visualizations pk_curated_visualizations; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.curated_visualizations
    ADD CONSTRAINT pk_curated_visualizations PRIMARY KEY (id);


--
-- Name: deployments pk_deployments; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.deployments
    ADD CONSTRAINT pk_deployments PRIMARY KEY (id);


--
-- Name: experiments pk_experiments; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.experiments
    ADD CONSTRAINT pk_experiments PRIMARY KEY (id);


--
-- Name: metric_counts pk_metric_counts; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.metric_counts
    ADD CONSTRAINT pk_metric_counts PRIMARY KEY (pipeline_id, experiment_id, name);


--
-- Name: metrics pk_metrics; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.metrics
    ADD CONSTRAINT pk_metrics PRIMARY KEY (run_id, name);


--
-- Name: models pk_models; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.models
    ADD CONSTRAINT pk_models PRIMARY KEY (id);


--
-- Name: pipelines pk_pipelines; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.pipelines
    ADD CONSTRAINT pk_pipelines PRIMARY KEY (id);


--
-- Name: projects pk_projects; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.projects
    ADD CONSTRAINT pk_projects PRIMARY KEY (id);


--
-- Name: run_parameters pk_run_parameters; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.run_parameters
    ADD CONSTRAINT pk_run_parameters PRIMARY KEY (run_id, name);


--
-- Name: run_tags pk_run_tags; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.run_tags
    ADD CONSTRAINT pk_run_tags PRIMARY KEY (run_id, tag);


--
-- Name: runs pk_runs; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT pk_runs PRIMARY KEY (id);


--
-- Name: snapshots pk_snapshots; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.snapshots
    ADD CONSTRAINT pk_snapshots PRIMARY KEY (id);


--
-- Name: step_inputs pk_step_inputs; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.step_inputs
    ADD CONSTRAINT pk_step_inputs PRIMARY KEY (step_id, name, artifact_id);


--
-- Name: step_logs pk_step_logs; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.step_logs
    ADD CONSTRAINT pk_step_logs PRIMARY KEY (step_id, number);


--
-- Name: steps pk_steps; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.steps
    ADD CONSTRAINT pk_steps PRIMARY KEY (id);


--
-- Name: visualizations pk_visualizations; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.visualizations
    ADD CONSTRAINT pk_visualizations PRIMARY KEY (id);


--
-- Name: artifacts uq_artifacts_step_id_name_number; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.artifacts
    ADD CONSTRAINT uq_artifacts_step_id_name_number UNIQUE (step_id, name, number);


--
-- Name: curated_visualizations uq_curated_visualizations_order; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.curated_visualizations
    ADD CONSTRAINT uq_curated_visualizations_order UNIQUE (resource_type, resource_id, display_order);


--
-- Name: curated_visualizations uq_curated_visualizations_target; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.curated_visualizations
    ADD CONSTRAINT uq_curated_visualizations_target UNIQUE (visualization_id, resource_type, resource_id);


--
-- Name: deployments uq_deployments_project_id_name; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.deployments
    ADD CONSTRAINT uq_deployments_project_id_name UNIQUE (project_id, name);


--
-- Name: experiments uq_experiments_project_id_name; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.experiments
    ADD CONSTRAINT uq_experiments_project_id_name UNIQUE (project_id, name);


--
-- Name: models uq_models_project_id_name; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.models
    ADD CONSTRAINT uq_models_project_id_name UNIQUE (project_id, name);


--
-- Name: pipelines uq_pipelines_project_id_name; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.pipelines
    ADD CONSTRAINT uq_pipelines_project_id_name UNIQUE (project_id, name);


--
-- Name: projects uq_projects_name; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.projects
    ADD CONSTRAINT uq_projects_name UNIQUE (name);


--
-- Name: runs uq_runs_pipeline_id_name; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT uq_runs_pipeline_id_name UNIQUE (pipeline_id, name);


--
-- Name: snapshots uq_snapshots_pipeline_id_digest; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.snapshots
    ADD CONSTRAINT uq_snapshots_pipeline_id_digest UNIQUE (pipeline_id, digest);


--
-- Name: steps uq_steps_run_id_name; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.steps
    ADD CONSTRAINT uq_steps_run_id_name UNIQUE (run_id, name);


--
-- Name: visualizations uq_visualizations_owner_request_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.visualizations
    ADD CONSTRAINT uq_visualizations_owner_request_key UNIQUE (owner, request_key);


--
-- Name: ix_artifacts_pipeline_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_artifacts_pipeline_id ON public.artifacts USING btree (pipeline_id);


--
-- Name: ix_artifacts_pipeline_id_name_version; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_artifacts_pipeline_id_name_version ON public.artifacts USING btree (pipeline_id, name, version);


--
-- Name: ix_artifacts_step_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_artifacts_step_id ON public.artifacts USING btree (step_id);


--
-- Name: ix_curated_visualizations_project_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_curated_visualizations_project_id ON public.curated_visualizations USING btree (project_id);


--
-- Name: ix_curated_visualizations_visualization_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_curated_visualizations_visualization_id ON public.curated_visualizations USING btree (visualization_id);


--
-- Name: ix_deployments_pipeline_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_deployments_pipeline_id ON public.deployments USING btree (pipeline_id);


--
-- Name: ix_deployments_project_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_deployments_project_id ON public.deployments USING btree (project_id);


--
-- Name: ix_experiments_project_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_experiments_project_id ON public.experiments USING btree (project_id);


--
-- Name: ix_metrics_name_value_run_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_metrics_name_value_run_id ON public.metrics USING btree (name, value, run_id);


--
-- Name: ix_metrics_pipeline_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_metrics_pipeline_id ON public.metrics USING btree (pipeline_id);


--
-- Name: ix_metrics_pipeline_id_name_value; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_metrics_pipeline_id_name_value ON public.metrics USING btree (pipeline_id, name, value);


--
-- Name: ix_metrics_step_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_metrics_step_id ON public.metrics USING btree (step_id);


--
-- Name: ix_models_project_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_models_project_id ON public.models USING btree (project_id);


--
-- Name: ix_pipelines_project_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_pipelines_project_id ON public.pipelines USING btree (project_id);


--
-- Name: ix_run_parameters_name_number_run_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_run_parameters_name_number_run_id ON public.run_parameters USING btree (name, number, run_id);


--
-- Name: ix_run_parameters_name_text_run_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_run_parameters_name_text_run_id ON public.run_parameters USING btree (name, text, run_id);


--
-- Name: ix_run_tags_tag_run_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_run_tags_tag_run_id ON public.run_tags USING btree (tag, run_id);


--
-- Name: ix_runs_experiment_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_runs_experiment_id ON public.runs USING btree (experiment_id);


--
-- Name: ix_runs_experiment_id_started_at_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_runs_experiment_id_started_at_id ON public.runs USING btree (experiment_id, started_at, id);


--
-- Name: ix_runs_model_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_runs_model_id ON public.runs USING btree (model_id);


--
-- Name: ix_runs_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_runs_name ON public.runs USING btree (name);


--
-- Name: ix_runs_pipeline_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_runs_pipeline_id ON public.runs USING btree (pipeline_id);


--
-- Name: ix_runs_pipeline_id_started_at_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_runs_pipeline_id_started_at_id ON public.runs USING btree (pipeline_id, started_at, id);


--
-- Name: ix_runs_snapshot_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_runs_snapshot_id ON public.runs USING btree (snapshot_id);


--
-- Name: ix_runs_started_at_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_runs_started_at_id ON public.runs USING btree (started_at, id);


--
-- Name: ix_runs_status; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_runs_status ON public.runs USING btree (status);


--
-- Name: ix_snapshots_pipeline_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_snapshots_pipeline_id ON public.snapshots USING btree (pipeline_id);


--
-- Name: ix_step_inputs_artifact_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_step_inputs_artifact_id ON public.step_inputs USING btree (artifact_id);


--
-- Name: ix_steps_run_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_steps_run_id ON public.steps USING btree (run_id);


--
-- Name: ix_visualizations_artifact_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_visualizations_artifact_id ON public.visualizations USING btree (artifact_id);


--
-- Name: metrics metrics_counted; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER metrics_counted AFTER INSERT OR DELETE OR UPDATE OF pipeline_id, experiment_id, name ON public.metrics FOR EACH ROW EXECUTE FUNCTION public.metrics_counted();


--
-- Name: artifacts fk_artifacts_pipeline_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.artifacts
    ADD CONSTRAINT fk_artifacts_pipeline_id FOREIGN KEY (pipeline_id) REFERENCES public.pipelines(id) ON DELETE CASCADE;


--
-- Name: artifacts fk_artifacts_step_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.artifacts
    ADD CONSTRAINT fk_artifacts_step_id FOREIGN KEY (step_id) REFERENCES public.steps(id) ON DELETE CASCADE;


--
-- Name: curated_visualizations fk_curated_visualizations_project_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.curated_visualizations
    ADD CONSTRAINT fk_curated_visualizations_project_id FOREIGN KEY (project_id) REFERENCES public.projects(id) ON DELETE CASCADE;


--
-- Name: curated_visualizations fk_curated_visualizations_visualization_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.curated_visualizations
    ADD CONSTRAINT fk_curated_visualizations_visualization_id FOREIGN KEY (visualization_id) REFERENCES public.visualizations(id) ON DELETE CASCADE;


--
-- Name: deployments fk_deployments_pipeline_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.deployments
    ADD CONSTRAINT fk_deployments_pipeline_id FOREIGN KEY (pipeline_id) REFERENCES public.pipelines(id) ON DELETE CASCADE;


--
-- Name: deployments fk_deployments_project_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.deployments
    ADD CONSTRAINT fk_deployments_project_id FOREIGN KEY (project_id) REFERENCES public.projects(id) ON DELETE CASCADE;


--
-- Name: experiments fk_experiments_project_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.experiments
    ADD CONSTRAINT fk_experiments_project_id FOREIGN KEY (project_id) REFERENCES public.projects(id) ON DELETE CASCADE;


--
-- Name: metric_counts fk_metric_counts_pipeline_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.metric_counts
    ADD CONSTRAINT fk_metric_counts_pipeline_id FOREIGN KEY (pipeline_id) REFERENCES public.pipelines(id) ON DELETE CASCADE;


--
-- Name: metrics fk_metrics_pipeline_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.metrics
    ADD CONSTRAINT fk_metrics_pipeline_id FOREIGN KEY (pipeline_id) REFERENCES public.pipelines(id) ON DELETE CASCADE;


--
-- Name: metrics fk_metrics_run_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.metrics
    ADD CONSTRAINT fk_metrics_run_id FOREIGN KEY (run_id) REFERENCES public.runs(id) ON DELETE CASCADE;


--
-- Name: metrics fk_metrics_step_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.metrics
    ADD CONSTRAINT fk_metrics_step_id FOREIGN KEY (step_id) REFERENCES public.steps(id) ON DELETE CASCADE;


--
-- Name: models fk_models_project_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.models
    ADD CONSTRAINT fk_models_project_id FOREIGN KEY (project_id) REFERENCES public.projects(id) ON DELETE CASCADE;


--
-- Name: pipelines fk_pipelines_project_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.pipelines
    ADD CONSTRAINT fk_pipelines_project_id FOREIGN KEY (project_id) REFERENCES public.projects(id) ON DELETE CASCADE;


--
-- Name: run_parameters fk_run_parameters_run_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.run_parameters
    ADD CONSTRAINT fk_run_parameters_run_id FOREIGN KEY (run_id) REFERENCES public.runs(id) ON DELETE CASCADE;


--
-- Name: run_tags fk_run_tags_run_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.run_tags
    ADD CONSTRAINT fk_run_tags_run_id FOREIGN KEY (run_id) REFERENCES public.runs(id) ON DELETE CASCADE;


--
-- Name: runs fk_runs_experiment_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT fk_runs_experiment_id FOREIGN KEY (experiment_id) REFERENCES public.experiments(id) ON DELETE CASCADE;


--
-- Name: runs fk_runs_model_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT fk_runs_model_id FOREIGN KEY (model_id) REFERENCES public.models(id) ON DELETE CASCADE;


--
-- Name: runs fk_runs_pipeline_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT fk_runs_pipeline_id FOREIGN KEY (pipeline_id) REFERENCES public.pipelines(id) ON DELETE CASCADE;


--
-- Name: runs fk_runs_snapshot_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT fk_runs_snapshot_id FOREIGN KEY (snapshot_id) REFERENCES public.snapshots(id) ON DELETE CASCADE;


--
-- Name: snapshots fk_snapshots_pipeline_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.snapshots
    ADD CONSTRAINT fk_snapshots_pipeline_id FOREIGN KEY (pipeline_id) REFERENCES public.pipelines(id) ON DELETE CASCADE;


--
-- Name: step_inputs fk_step_inputs_artifact_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.step_inputs
    ADD CONSTRAINT fk_step_inputs_artifact_id FOREIGN KEY (artifact_id) REFERENCES public.artifacts(id) ON DELETE CASCADE;


--
-- Name: step_inputs fk_step_inputs_step_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.step_inputs
    ADD CONSTRAINT fk_step_inputs_step_id FOREIGN KEY (step_id) REFERENCES public.steps(id) ON DELETE CASCADE;


--
-- Name: step_logs fk_step_logs_step_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.step_logs
    ADD CONSTRAINT fk_step_logs_step_id FOREIGN KEY (step_id) REFERENCES public.steps(id) ON DELETE CASCADE;


--
-- Name: steps fk_steps_run_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.steps
    ADD CONSTRAINT fk_steps_run_id FOREIGN KEY (run_id) REFERENCES public.runs(id) ON DELETE CASCADE;


--
-- Name: visualizations fk_visualizations_artifact_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.visualizations
    ADD CONSTRAINT fk_visualizations_artifact_id FOREIGN KEY (artifact_id) REFERENCES public.artifacts(id) ON DELETE CASCADE;


--
-- PostgreSQL database dump complete
--

