BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE artifacts (
	id VARCHAR(36) NOT NULL, 
	step_id VARCHAR(36) NOT NULL, 
	name TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	pipeline_id VARCHAR(36) NOT NULL, 
	version INTEGER NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	python_type TEXT NOT NULL, 
	materializer TEXT NOT NULL, 
	uri TEXT NOT NULL, 
	size BIGINT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	rows BIGINT, 
	columns JSON NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_artifacts PRIMARY KEY (id), 
	CONSTRAINT fk_artifacts_pipeline_id FOREIGN KEY(pipeline_id) REFERENCES pipelines (id) ON DELETE CASCADE, 
	CONSTRAINT fk_artifacts_step_id FOREIGN KEY(step_id) REFERENCES steps (id) ON DELETE CASCADE, 
	CONSTRAINT uq_artifacts_step_id_name_number UNIQUE (step_id, name, number)
);
INSERT INTO "artifacts" VALUES('db8726b7-30eb-44d7-9722-c9ea26558f6b','1379f985-2c45-4c86-b08c-5dffd140c2a9','data',0,'38f28284-7e00-4cb5-a4b0-b42eed20081d',1,'table','pandas.DataFrame','jupyter_viz.materializers.tables.DataFrameMaterializer','/srv/viz/artifacts/runs/3a369827-94dc-442c-ab03-88a06531765a/data',1099511627776,'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',3,'[{"name": "a", "type": "number"}, {"name": "\u00e9", "type": "text"}]',1795626023691078);
INSERT INTO "artifacts" VALUES('db229e48-43bd-4678-acb2-b593f983a671','d138db4f-c923-4a77-9fc1-feffcca25c09','model',0,'38f28284-7e00-4cb5-a4b0-b42eed20081d',1,'table','pandas.DataFrame','jupyter_viz.materializers.tables.DataFrameMaterializer','/srv/viz/artifacts/runs/3a369827-94dc-442c-ab03-88a06531765a/model',1099511627776,'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',3,'[{"name": "a", "type": "number"}, {"name": "\u00e9", "type": "text"}]',1795626023710102);
INSERT INTO "artifacts" VALUES('50f2d777-be1f-40bd-a273-cd7951628a8f','7688bb04-359b-4f30-9acb-7dcb8129fc17','data',0,'38f28284-7e00-4cb5-a4b0-b42eed20081d',2,'table','pandas.DataFrame','jupyter_viz.materializers.tables.DataFrameMaterializer','/srv/viz/artifacts/runs/e82ee71c-5dec-42eb-8a5f-e25813f91450/data',1099511627776,'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',3,'[{"name": "a", "type": "number"}, {"name": "\u00e9", "type": "text"}]',1795626023775467);
INSERT INTO "artifacts" VALUES('17ec91c1-d1be-4a11-9dcf-3f8b1bb6bc17','e4570791-d330-476f-8371-bfe559d74973','model',0,'38f28284-7e00-4cb5-a4b0-b42eed20081d',2,'table','pandas.DataFrame','jupyter_viz.materializers.tables.DataFrameMaterializer','/srv/viz/artifacts/runs/e82ee71c-5dec-42eb-8a5f-e25813f91450/model',1099511627776,'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',3,'[{"name": "a", "type": "number"}, {"name": "\u00e9", "type": "text"}]',1795626023791032);
INSERT INTO "artifacts" VALUES('f6af40b5-e86d-4592-8c65-5702dc0f9c70','5b991729-e870-4aec-863d-87a5c68c78f3','data',0,'38f28284-7e00-4cb5-a4b0-b42eed20081d',3,'table','pandas.DataFrame','jupyter_viz.materializers.tables.DataFrameMaterializer','/srv/viz/artifacts/runs/63d7e3da-ed82-438f-9d4b-3618500d7c72/data',1099511627776,'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',3,'[{"name": "a", "type": "number"}, {"name": "\u00e9", "type": "text"}]',1795626023801091);
INSERT INTO "artifacts" VALUES('1bfff953-5347-4d01-85f0-de81df665ae4','b4f0f472-24b7-49c7-ba2a-ab3647af7c3c','model',0,'38f28284-7e00-4cb5-a4b0-b42eed20081d',3,'table','pandas.DataFrame','jupyter_viz.materializers.tables.DataFrameMaterializer','/srv/viz/artifacts/runs/63d7e3da-ed82-438f-9d4b-3618500d7c72/model',1099511627776,'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',3,'[{"name": "a", "type": "number"}, {"name": "\u00e9", "type": "text"}]',1795626023816639);
INSERT INTO "artifacts" VALUES('34329a77-b770-4f20-93a3-b49e8cf46eb0','f3cda280-20ef-41e3-8d38-c9ca552c3cf0','data',0,'38f28284-7e00-4cb5-a4b0-b42eed20081d',4,'table','pandas.DataFrame','jupyter_viz.materializers.tables.DataFrameMaterializer','/srv/viz/artifacts/runs/4ee078b2-b424-4bb4-87f0-04384e64cab0/data',1099511627776,'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',3,'[{"name": "a", "type": "number"}, {"name": "\u00e9", "type": "text"}]',1795626023834530);
INSERT INTO "artifacts" VALUES('63312c5c-d5b6-4b93-9e23-9622658389fa','1b238e6b-95e9-4813-bcd7-462a4ee99260','model',0,'38f28284-7e00-4cb5-a4b0-b42eed20081d',4,'table','pandas.DataFrame','jupyter_viz.materializers.tables.DataFrameMaterializer','/srv/viz/artifacts/runs/4ee078b2-b424-4bb4-87f0-04384e64cab0/model',1099511627776,'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',3,'[{"name": "a", "type": "number"}, {"name": "\u00e9", "type": "text"}]',1795626023864679);
CREATE TABLE catalog_info (
	"key" VARCHAR(40) NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_catalog_info PRIMARY KEY ("key")
);
INSERT INTO "catalog_info" VALUES('id','dd69a342-e5f0-4daf-a5f9-84a16fff98ab');
CREATE TABLE curated_visualizations (
	id VARCHAR(36) NOT NULL, 
	project_id VARCHAR(36) NOT NULL, 
	visualization_id VARCHAR(36) NOT NULL, 
	resource_type VARCHAR(20) NOT NULL, 
	resource_id VARCHAR(36) NOT NULL, 
	display_name TEXT, 
	display_order INTEGER, 
	layout_size VARCHAR(20) NOT NULL, 
	created_at BIGINT NOT NULL, 
	updated_at BIGINT NOT NULL, 
	CONSTRAINT pk_curated_visualizations PRIMARY KEY (id), 
	CONSTRAINT fk_curated_visualizations_project_id FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE, 
	CONSTRAINT fk_curated_visualizations_visualization_id FOREIGN KEY(visualization_id) REFERENCES visualizations (id) ON DELETE CASCADE, 
	CONSTRAINT uq_curated_visualizations_order UNIQUE (resource_type, resource_id, display_order), 
	CONSTRAINT uq_curated_visualizations_target UNIQUE (visualization_id, resource_type, resource_id)
);
INSERT INTO "curated_visualizations" VALUES('bc122837-3ae4-4267-9ae7-94b5528f7c5c','1b019235-506a-4f8d-ab90-870625d7ecb3','fc227085-aa9b-482c-8aff-d0de7406d3ae','project','1b019235-506a-4f8d-ab90-870625d7ecb3','Head',1,'full_width',1,2);
CREATE TABLE deployments (
	id VARCHAR(36) NOT NULL, 
	project_id VARCHAR(36) NOT NULL, 
	name TEXT NOT NULL, 
	pipeline_id VARCHAR(36), 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_deployments PRIMARY KEY (id), 
	CONSTRAINT fk_deployments_pipeline_id FOREIGN KEY(pipeline_id) REFERENCES pipelines (id) ON DELETE CASCADE, 
	CONSTRAINT fk_deployments_project_id FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE, 
	CONSTRAINT uq_deployments_project_id_name UNIQUE (project_id, name)
);
INSERT INTO "deployments" VALUES('3316630e-4891-48f9-bc03-585aa7435e42','1b019235-506a-4f8d-ab90-870625d7ecb3','live','38f28284-7e00-4cb5-a4b0-b42eed20081d',1795626023872787);
CREATE TABLE experiments (
	id VARCHAR(36) NOT NULL, 
	project_id VARCHAR(36) NOT NULL, 
	name TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_experiments PRIMARY KEY (id), 
	CONSTRAINT fk_experiments_project_id FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE, 
	CONSTRAINT uq_experiments_project_id_name UNIQUE (project_id, name)
);
INSERT INTO "experiments" VALUES('18c401c8-7af8-41b3-8b6c-b72281e9958b','1b019235-506a-4f8d-ab90-870625d7ecb3','regularization',1795626023665852);
CREATE TABLE metric_counts (
	pipeline_id VARCHAR(36) NOT NULL, 
	experiment_id VARCHAR(36) NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	runs INTEGER NOT NULL, 
	CONSTRAINT pk_metric_counts PRIMARY KEY (pipeline_id, experiment_id, name), 
	CONSTRAINT fk_metric_counts_pipeline_id FOREIGN KEY(pipeline_id) REFERENCES pipelines (id) ON DELETE CASCADE
);
INSERT INTO "metric_counts" VALUES('38f28284-7e00-4cb5-a4b0-b42eed20081d','18c401c8-7af8-41b3-8b6c-b72281e9958b','auc',4);
INSERT INTO "metric_counts" VALUES('38f28284-7e00-4cb5-a4b0-b42eed20081d','18c401c8-7af8-41b3-8b6c-b72281e9958b','loss',4);
CREATE TABLE metrics (
	run_id VARCHAR(36) NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	value FLOAT NOT NULL, 
	format VARCHAR(12) NOT NULL, 
	goal VARCHAR(8), 
	step_id VARCHAR(36), 
	pipeline_id VARCHAR(36) NOT NULL, 
	experiment_id VARCHAR(36) NOT NULL, 
	CONSTRAINT pk_metrics PRIMARY KEY (run_id, name), 
	CONSTRAINT fk_metrics_pipeline_id FOREIGN KEY(pipeline_id) REFERENCES pipelines (id) ON DELETE CASCADE, 
	CONSTRAINT fk_metrics_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE, 
	CONSTRAINT fk_metrics_step_id FOREIGN KEY(step_id) REFERENCES steps (id) ON DELETE CASCADE
);
INSERT INTO "metrics" VALUES('3a369827-94dc-442c-ab03-88a06531765a','auc',0.1,'RAW','higher','d138db4f-c923-4a77-9fc1-feffcca25c09','38f28284-7e00-4cb5-a4b0-b42eed20081d','18c401c8-7af8-41b3-8b6c-b72281e9958b');
INSERT INTO "metrics" VALUES('3a369827-94dc-442c-ab03-88a06531765a','loss',1.0e-300,'RAW',NULL,'d138db4f-c923-4a77-9fc1-feffcca25c09','38f28284-7e00-4cb5-a4b0-b42eed20081d','18c401c8-7af8-41b3-8b6c-b72281e9958b');
INSERT INTO "metrics" VALUES('e82ee71c-5dec-42eb-8a5f-e25813f91450','auc',3.00000000000000044408e-01,'RAW','higher','e4570791-d330-476f-8371-bfe559d74973','38f28284-7e00-4cb5-a4b0-b42eed20081d','18c401c8-7af8-41b3-8b6c-b72281e9958b');
INSERT INTO "metrics" VALUES('e82ee71c-5dec-42eb-8a5f-e25813f91450','loss',1.0e-300,'RAW',NULL,'e4570791-d330-476f-8371-bfe559d74973','38f28284-7e00-4cb5-a4b0-b42eed20081d','18c401c8-7af8-41b3-8b6c-b72281e9958b');
INSERT INTO "metrics" VALUES('63d7e3da-ed82-438f-9d4b-3618500d7c72','auc',0.5,'RAW','higher','b4f0f472-24b7-49c7-ba2a-ab3647af7c3c','38f28284-7e00-4cb5-a4b0-b42eed20081d','18c401c8-7af8-41b3-8b6c-b72281e9958b');
INSERT INTO "metrics" VALUES('63d7e3da-ed82-438f-9d4b-3618500d7c72','loss',1.0e-300,'RAW',NULL,'b4f0f472-24b7-49c7-ba2a-ab3647af7c3c','38f28284-7e00-4cb5-a4b0-b42eed20081d','18c401c8-7af8-41b3-8b6c-b72281e9958b');
INSERT INTO "metrics" VALUES('4ee078b2-b424-4bb4-87f0-04384e64cab0','auc',7.00000000000000066613e-01,'RAW','higher','1b238e6b-95e9-4813-bcd7-462a4ee99260','38f28284-7e00-4cb5-a4b0-b42eed20081d','18c401c8-7af8-41b3-8b6c-b72281e9958b');
INSERT INTO "metrics" VALUES('4ee078b2-b424-4bb4-87f0-04384e64cab0','loss',1.0e-300,'RAW',NULL,'1b238e6b-95e9-4813-bcd7-462a4ee99260','38f28284-7e00-4cb5-a4b0-b42eed20081d','18c401c8-7af8-41b3-8b6c-b72281e9958b');
CREATE TABLE models (
	id VARCHAR(36) NOT NULL, 
	project_id VARCHAR(36) NOT NULL, 
	name TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_models PRIMARY KEY (id), 
	CONSTRAINT fk_models_project_id FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE, 
	CONSTRAINT uq_models_project_id_name UNIQUE (project_id, name)
);
INSERT INTO "models" VALUES('ec545c71-bdcf-4d2e-bdaa-e0fc3cda1a55','1b019235-506a-4f8d-ab90-870625d7ecb3','churn',1795626023672109);
CREATE TABLE pipelines (
	id VARCHAR(36) NOT NULL, 
	project_id VARCHAR(36) NOT NULL, 
	name TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_pipelines PRIMARY KEY (id), 
	CONSTRAINT fk_pipelines_project_id FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE, 
	CONSTRAINT uq_pipelines_project_id_name UNIQUE (project_id, name)
);
INSERT INTO "pipelines" VALUES('38f28284-7e00-4cb5-a4b0-b42eed20081d','1b019235-506a-4f8d-ab90-870625d7ecb3','churn',1795626023663975);
CREATE TABLE projects (
	id VARCHAR(36) NOT NULL, 
	name TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_projects PRIMARY KEY (id), 
	CONSTRAINT uq_projects_name UNIQUE (name)
);
INSERT INTO "projects" VALUES('1b019235-506a-4f8d-ab90-870625d7ecb3','team é',1795626023656840);
CREATE TABLE run_parameters (
	run_id VARCHAR(36) NOT NULL, 
	name TEXT NOT NULL, 
	text TEXT NOT NULL, 
	number FLOAT, 
	CONSTRAINT pk_run_parameters PRIMARY KEY (run_id, name), 
	CONSTRAINT fk_run_parameters_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
);
INSERT INTO "run_parameters" VALUES('3a369827-94dc-442c-ab03-88a06531765a','C','0.0',0.0);
INSERT INTO "run_parameters" VALUES('3a369827-94dc-442c-ab03-88a06531765a','solver','lbfgs',NULL);
INSERT INTO "run_parameters" VALUES('3a369827-94dc-442c-ab03-88a06531765a','deep','{"a": [1, null]}',NULL);
INSERT INTO "run_parameters" VALUES('e82ee71c-5dec-42eb-8a5f-e25813f91450','C','0.1',0.1);
INSERT INTO "run_parameters" VALUES('e82ee71c-5dec-42eb-8a5f-e25813f91450','solver','lbfgs',NULL);
INSERT INTO "run_parameters" VALUES('e82ee71c-5dec-42eb-8a5f-e25813f91450','deep','{"a": [1, null]}',NULL);
INSERT INTO "run_parameters" VALUES('63d7e3da-ed82-438f-9d4b-3618500d7c72','C','0.2',0.2);
INSERT INTO "run_parameters" VALUES('63d7e3da-ed82-438f-9d4b-3618500d7c72','solver','lbfgs',NULL);
INSERT INTO "run_parameters" VALUES('63d7e3da-ed82-438f-9d4b-3618500d7c72','deep','{"a": [1, null]}',NULL);
INSERT INTO "run_parameters" VALUES('4ee078b2-b424-4bb4-87f0-04384e64cab0','C','0.30000000000000004',3.00000000000000044408e-01);
INSERT INTO "run_parameters" VALUES('4ee078b2-b424-4bb4-87f0-04384e64cab0','solver','lbfgs',NULL);
INSERT INTO "run_parameters" VALUES('4ee078b2-b424-4bb4-87f0-04384e64cab0','deep','{"a": [1, null]}',NULL);
CREATE TABLE run_tags (
	run_id VARCHAR(36) NOT NULL, 
	tag TEXT NOT NULL, 
	CONSTRAINT pk_run_tags PRIMARY KEY (run_id, tag), 
	CONSTRAINT fk_run_tags_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
);
INSERT INTO "run_tags" VALUES('3a369827-94dc-442c-ab03-88a06531765a','nightly');
INSERT INTO "run_tags" VALUES('3a369827-94dc-442c-ab03-88a06531765a','日本');
INSERT INTO "run_tags" VALUES('e82ee71c-5dec-42eb-8a5f-e25813f91450','nightly');
INSERT INTO "run_tags" VALUES('e82ee71c-5dec-42eb-8a5f-e25813f91450','日本');
INSERT INTO "run_tags" VALUES('63d7e3da-ed82-438f-9d4b-3618500d7c72','nightly');
INSERT INTO "run_tags" VALUES('63d7e3da-ed82-438f-9d4b-3618500d7c72','日本');
INSERT INTO "run_tags" VALUES('4ee078b2-b424-4bb4-87f0-04384e64cab0','nightly');
INSERT INTO "run_tags" VALUES('4ee078b2-b424-4bb4-87f0-04384e64cab0','日本');
CREATE TABLE runs (
	id VARCHAR(36) NOT NULL, 
	pipeline_id VARCHAR(36) NOT NULL, 
	experiment_id VARCHAR(36), 
	snapshot_id VARCHAR(36), 
	model_id VARCHAR(36), 
	name TEXT NOT NULL, 
	status VARCHAR(20) NOT NULL, 
	started_at BIGINT NOT NULL, 
	ended_at BIGINT, 
	error TEXT, 
	parameters JSON NOT NULL, 
	warnings JSON NOT NULL, 
	beat_at BIGINT NOT NULL, 
	host TEXT, 
	pid INTEGER, 
	born TEXT, 
	CONSTRAINT pk_runs PRIMARY KEY (id), 
	CONSTRAINT fk_runs_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (id) ON DELETE CASCADE, 
	CONSTRAINT fk_runs_model_id FOREIGN KEY(model_id) REFERENCES models (id) ON DELETE CASCADE, 
	CONSTRAINT fk_runs_pipeline_id FOREIGN KEY(pipeline_id) REFERENCES pipelines (id) ON DELETE CASCADE, 
	CONSTRAINT fk_runs_snapshot_id FOREIGN KEY(snapshot_id) REFERENCES snapshots (id) ON DELETE CASCADE, 
	CONSTRAINT uq_runs_pipeline_id_name UNIQUE (pipeline_id, name)
);
INSERT INTO "runs" VALUES('3a369827-94dc-442c-ab03-88a06531765a','38f28284-7e00-4cb5-a4b0-b42eed20081d','18c401c8-7af8-41b3-8b6c-b72281e9958b','30c56334-82b9-4da7-b53e-a8c62128b068','ec545c71-bdcf-4d2e-bdaa-e0fc3cda1a55','nightly','completed',1795626023627469,1795626023717513,NULL,'{"C": 0.0, "solver": "lbfgs", "deep": {"a": [1, null]}}','["metric ''a b'' was refused"]',1,'elsewhere',1,'1');
INSERT INTO "runs" VALUES('e82ee71c-5dec-42eb-8a5f-e25813f91450','38f28284-7e00-4cb5-a4b0-b42eed20081d','18c401c8-7af8-41b3-8b6c-b72281e9958b','30c56334-82b9-4da7-b53e-a8c62128b068','ec545c71-bdcf-4d2e-bdaa-e0fc3cda1a55','nightly-2','failed',1795626023760125,1795626023795315,'ValueError: x','{"C": 0.1, "solver": "lbfgs", "deep": {"a": [1, null]}}','["metric ''a b'' was refused"]',1,'elsewhere',1,'1');
INSERT INTO "runs" VALUES('63d7e3da-ed82-438f-9d4b-3618500d7c72','38f28284-7e00-4cb5-a4b0-b42eed20081d','18c401c8-7af8-41b3-8b6c-b72281e9958b','30c56334-82b9-4da7-b53e-a8c62128b068','ec545c71-bdcf-4d2e-bdaa-e0fc3cda1a55','nightly-3','interrupted',1795626023795697,1795626023824674,NULL,'{"C": 0.2, "solver": "lbfgs", "deep": {"a": [1, null]}}','["metric ''a b'' was refused"]',1,'elsewhere',1,'1');
INSERT INTO "runs" VALUES('4ee078b2-b424-4bb4-87f0-04384e64cab0','38f28284-7e00-4cb5-a4b0-b42eed20081d','18c401c8-7af8-41b3-8b6c-b72281e9958b','30c56334-82b9-4da7-b53e-a8c62128b068','ec545c71-bdcf-4d2e-bdaa-e0fc3cda1a55','nightly-4','running',1795626023825041,NULL,NULL,'{"C": 0.30000000000000004, "solver": "lbfgs", "deep": {"a": [1, null]}}','["metric ''a b'' was refused"]',1,'elsewhere',1,'1');
CREATE TABLE snapshots (
	id VARCHAR(36) NOT NULL, 
	pipeline_id VARCHAR(36) NOT NULL, 
	number INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	configuration JSON NOT NULL, 
	code_digest VARCHAR(64), 
	packages JSON NOT NULL, 
	git_commit VARCHAR(64), 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_snapshots PRIMARY KEY (id), 
	CONSTRAINT fk_snapshots_pipeline_id FOREIGN KEY(pipeline_id) REFERENCES pipelines (id) ON DELETE CASCADE, 
	CONSTRAINT uq_snapshots_pipeline_id_digest UNIQUE (pipeline_id, digest)
);
INSERT INTO "snapshots" VALUES('30c56334-82b9-4da7-b53e-a8c62128b068','38f28284-7e00-4cb5-a4b0-b42eed20081d',1,'ba29281928a63148d478998041e23586c39414e9c59cd7b66564903bd283d41e','{"tags": ["nightly"]}','cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc','{"pandas": "3.1.1"}','9999999999999999999999999999999999999999',1795626023676222);
CREATE TABLE step_inputs (
	step_id VARCHAR(36) NOT NULL, 
	name TEXT NOT NULL, 
	artifact_id VARCHAR(36) NOT NULL, 
	CONSTRAINT pk_step_inputs PRIMARY KEY (step_id, name, artifact_id), 
	CONSTRAINT fk_step_inputs_artifact_id FOREIGN KEY(artifact_id) REFERENCES artifacts (id) ON DELETE CASCADE, 
	CONSTRAINT fk_step_inputs_step_id FOREIGN KEY(step_id) REFERENCES steps (id) ON DELETE CASCADE
);
INSERT INTO "step_inputs" VALUES('d138db4f-c923-4a77-9fc1-feffcca25c09','frame','db8726b7-30eb-44d7-9722-c9ea26558f6b');
INSERT INTO "step_inputs" VALUES('e4570791-d330-476f-8371-bfe559d74973','frame','50f2d777-be1f-40bd-a273-cd7951628a8f');
INSERT INTO "step_inputs" VALUES('b4f0f472-24b7-49c7-ba2a-ab3647af7c3c','frame','f6af40b5-e86d-4592-8c65-5702dc0f9c70');
INSERT INTO "step_inputs" VALUES('1b238e6b-95e9-4813-bcd7-462a4ee99260','frame','34329a77-b770-4f20-93a3-b49e8cf46eb0');
CREATE TABLE step_logs (
	step_id VARCHAR(36) NOT NULL, 
	number INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_step_logs PRIMARY KEY (step_id, number), 
	CONSTRAINT fk_step_logs_step_id FOREIGN KEY(step_id) REFERENCES steps (id) ON DELETE CASCADE
);
INSERT INTO "step_logs" VALUES('1379f985-2c45-4c86-b08c-5dffd140c2a9',0,'reading…
');
INSERT INTO "step_logs" VALUES('1379f985-2c45-4c86-b08c-5dffd140c2a9',1,'read
');
INSERT INTO "step_logs" VALUES('7688bb04-359b-4f30-9acb-7dcb8129fc17',0,'reading…
');
INSERT INTO "step_logs" VALUES('7688bb04-359b-4f30-9acb-7dcb8129fc17',1,'read
');
INSERT INTO "step_logs" VALUES('5b991729-e870-4aec-863d-87a5c68c78f3',0,'reading…
');
INSERT INTO "step_logs" VALUES('5b991729-e870-4aec-863d-87a5c68c78f3',1,'read
');
INSERT INTO "step_logs" VALUES('f3cda280-20ef-41e3-8d38-c9ca552c3cf0',0,'reading…
');
INSERT INTO "step_logs" VALUES('f3cda280-20ef-41e3-8d38-c9ca552c3cf0',1,'read
');
CREATE TABLE steps (
	id VARCHAR(36) NOT NULL, 
	run_id VARCHAR(36) NOT NULL, 
	name TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	status VARCHAR(20) NOT NULL, 
	started_at BIGINT NOT NULL, 
	ended_at BIGINT, 
	error TEXT, 
	traceback TEXT, 
	parameters JSON NOT NULL, 
	CONSTRAINT pk_steps PRIMARY KEY (id), 
	CONSTRAINT fk_steps_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE, 
	CONSTRAINT uq_steps_run_id_name UNIQUE (run_id, name)
);
INSERT INTO "steps" VALUES('1379f985-2c45-4c86-b08c-5dffd140c2a9','3a369827-94dc-442c-ab03-88a06531765a','load',0,'completed',1795626023685604,1795626023701356,NULL,NULL,'{"path": "a.csv"}');
INSERT INTO "steps" VALUES('d138db4f-c923-4a77-9fc1-feffcca25c09','3a369827-94dc-442c-ab03-88a06531765a','fit',1,'completed',1795626023702221,1795626023717109,NULL,NULL,'{}');
INSERT INTO "steps" VALUES('7688bb04-359b-4f30-9acb-7dcb8129fc17','e82ee71c-5dec-42eb-8a5f-e25813f91450','load',0,'completed',1795626023774702,1795626023783308,NULL,NULL,'{"path": "a.csv"}');
INSERT INTO "steps" VALUES('e4570791-d330-476f-8371-bfe559d74973','e82ee71c-5dec-42eb-8a5f-e25813f91450','fit',1,'failed',1795626023783983,1795626023794725,'ValueError: x','Traceback
ValueError: x','{}');
INSERT INTO "steps" VALUES('5b991729-e870-4aec-863d-87a5c68c78f3','63d7e3da-ed82-438f-9d4b-3618500d7c72','load',0,'completed',1795626023800525,1795626023808843,NULL,NULL,'{"path": "a.csv"}');
INSERT INTO "steps" VALUES('b4f0f472-24b7-49c7-ba2a-ab3647af7c3c','63d7e3da-ed82-438f-9d4b-3618500d7c72','fit',1,'interrupted',1795626023809489,1795626023824106,NULL,NULL,'{}');
INSERT INTO "steps" VALUES('f3cda280-20ef-41e3-8d38-c9ca552c3cf0','4ee078b2-b424-4bb4-87f0-04384e64cab0','load',0,'completed',1795626023833981,1795626023842321,NULL,NULL,'{"path": "a.csv"}');
INSERT INTO "steps" VALUES('1b238e6b-95e9-4813-bcd7-462a4ee99260','4ee078b2-b424-4bb4-87f0-04384e64cab0','fit',1,'running',1795626023851969,NULL,NULL,NULL,'{}');
CREATE TABLE visualizations (
	id VARCHAR(36) NOT NULL, 
	artifact_id VARCHAR(36), 
	name TEXT NOT NULL, 
	format VARCHAR(20) NOT NULL, 
	origin VARCHAR(20) NOT NULL, 
	recipe TEXT, 
	status VARCHAR(20) NOT NULL, 
	freshness VARCHAR(10), 
	size BIGINT, 
	uri TEXT, 
	owner TEXT NOT NULL, 
	source TEXT, 
	arguments JSON NOT NULL, 
	code TEXT, 
	request_key VARCHAR(64), 
	metrics JSON NOT NULL, 
	provenance JSON NOT NULL, 
	error_code VARCHAR(40), 
	error_message TEXT, 
	error_traceback TEXT, 
	created_at BIGINT NOT NULL, 
	started_at BIGINT, 
	ended_at BIGINT, 
	beat_at BIGINT NOT NULL, 
	host TEXT, 
	pid INTEGER, 
	born TEXT, 
	CONSTRAINT pk_visualizations PRIMARY KEY (id), 
	CONSTRAINT fk_visualizations_artifact_id FOREIGN KEY(artifact_id) REFERENCES artifacts (id) ON DELETE CASCADE, 
	CONSTRAINT uq_visualizations_owner_request_key UNIQUE (owner, request_key)
);
INSERT INTO "visualizations" VALUES('f48a0806-5ac1-4d56-ba6c-d22213835df5','db8726b7-30eb-44d7-9722-c9ea26558f6b','page','html','materializer',NULL,'completed',NULL,7,'/x','owner',NULL,'{}',NULL,NULL,'{}','{}',NULL,NULL,NULL,1795626023691078,NULL,NULL,1795626023691078,NULL,NULL,NULL);
INSERT INTO "visualizations" VALUES('53dd8841-bbe1-4b77-b8d8-7344eab611b0','db229e48-43bd-4678-acb2-b593f983a671','curve','image','materializer',NULL,'failed',NULL,0,NULL,'owner',NULL,'{}',NULL,NULL,'{}','{}','f','no display','Traceback',1795626023710102,NULL,NULL,1795626023710102,NULL,NULL,NULL);
INSERT INTO "visualizations" VALUES('fc227085-aa9b-482c-8aff-d0de7406d3ae','db8726b7-30eb-44d7-9722-c9ea26558f6b','Table','notebook','recipe','table','completed','new',9,'/srv/viz/r','owner','churn@latest/data','{"rows": 5}',NULL,'kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk','{"rows": 3.0}','{"recipe": "table"}',NULL,NULL,NULL,1795626023718118,1795626023730013,1795626023736039,1,'elsewhere',1,'1');
INSERT INTO "visualizations" VALUES('150e850d-e78e-4efe-9e91-71108ebba65a','db8726b7-30eb-44d7-9722-c9ea26558f6b','Table','notebook','recipe','table','failed','new',9,'/srv/viz/r','user:ann','churn@latest/data','{"rows": 5}',NULL,'kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk','{"rows": 3.0}','{"recipe": "table"}','missing_column','There is no column ''x''.',NULL,1795626023745154,1795626023752771,1795626023753839,1,'elsewhere',1,'1');
INSERT INTO "visualizations" VALUES('2167ba4a-2b3a-4e9f-9d4c-dc470fab27c8','50f2d777-be1f-40bd-a273-cd7951628a8f','page','html','materializer',NULL,'completed',NULL,7,'/x','owner',NULL,'{}',NULL,NULL,'{}','{}',NULL,NULL,NULL,1795626023775467,NULL,NULL,1795626023775467,NULL,NULL,NULL);
INSERT INTO "visualizations" VALUES('c971cd3d-1226-43ba-9913-d4d3888f38cc','17ec91c1-d1be-4a11-9dcf-3f8b1bb6bc17','curve','image','materializer',NULL,'failed',NULL,0,NULL,'owner',NULL,'{}',NULL,NULL,'{}','{}','f','no display','Traceback',1795626023791032,NULL,NULL,1795626023791032,NULL,NULL,NULL);
INSERT INTO "visualizations" VALUES('9c15eae0-8fac-4c06-a98d-e812a3041573','f6af40b5-e86d-4592-8c65-5702dc0f9c70','page','html','materializer',NULL,'completed',NULL,7,'/x','owner',NULL,'{}',NULL,NULL,'{}','{}',NULL,NULL,NULL,1795626023801091,NULL,NULL,1795626023801091,NULL,NULL,NULL);
INSERT INTO "visualizations" VALUES('ba9320ef-c88c-432f-8710-2243a07bd728','1bfff953-5347-4d01-85f0-de81df665ae4','curve','image','materializer',NULL,'failed',NULL,0,NULL,'owner',NULL,'{}',NULL,NULL,'{}','{}','f','no display','Traceback',1795626023816639,NULL,NULL,1795626023816639,NULL,NULL,NULL);
INSERT INTO "visualizations" VALUES('429885d5-4109-49f9-bcaf-eede909b3b13','34329a77-b770-4f20-93a3-b49e8cf46eb0','page','html','materializer',NULL,'completed',NULL,7,'/x','owner',NULL,'{}',NULL,NULL,'{}','{}',NULL,NULL,NULL,1795626023834530,NULL,NULL,1795626023834530,NULL,NULL,NULL);
INSERT INTO "visualizations" VALUES('0e1053d0-d0e9-4de0-8a68-a23763d03768','63312c5c-d5b6-4b93-9e23-9622658389fa','curve','image','materializer',NULL,'failed',NULL,0,NULL,'owner',NULL,'{}',NULL,NULL,'{}','{}','f','no display','Traceback',1795626023864679,NULL,NULL,1795626023864679,NULL,NULL,NULL);
CREATE INDEX ix_experiments_project_id ON experiments (project_id);
CREATE INDEX ix_models_project_id ON models (project_id);
CREATE INDEX ix_pipelines_project_id ON pipelines (project_id);
CREATE INDEX ix_deployments_pipeline_id ON deployments (pipeline_id);
CREATE INDEX ix_deployments_project_id ON deployments (project_id);
CREATE INDEX ix_snapshots_pipeline_id ON snapshots (pipeline_id);
CREATE INDEX ix_runs_experiment_id ON runs (experiment_id);
CREATE INDEX ix_runs_experiment_id_started_at_id ON runs (experiment_id, started_at, id);
CREATE INDEX ix_runs_model_id ON runs (model_id);
CREATE INDEX ix_runs_name ON runs (name);
CREATE INDEX ix_runs_pipeline_id ON runs (pipeline_id);
CREATE INDEX ix_runs_pipeline_id_started_at_id ON runs (pipeline_id, started_at, id);
CREATE INDEX ix_runs_snapshot_id ON runs (snapshot_id);
CREATE INDEX ix_runs_started_at_id ON runs (started_at, id);
CREATE INDEX ix_runs_status ON runs (status);
CREATE INDEX ix_run_parameters_name_number_run_id ON run_parameters (name, number, run_id);
CREATE INDEX ix_run_parameters_name_text_run_id ON run_parameters (name, text, run_id);
CREATE INDEX ix_run_tags_tag_run_id ON run_tags (tag, run_id);
CREATE INDEX ix_steps_run_id ON steps (run_id);
CREATE INDEX ix_artifacts_pipeline_id ON artifacts (pipeline_id);
CREATE INDEX ix_artifacts_pipeline_id_name_version ON artifacts (pipeline_id, name, version);
CREATE INDEX ix_artifacts_step_id ON artifacts (step_id);
CREATE INDEX ix_metrics_name_value_run_id ON metrics (name, value, run_id);
CREATE INDEX ix_metrics_pipeline_id ON metrics (pipeline_id);
CREATE INDEX ix_metrics_pipeline_id_name_value ON metrics (pipeline_id, name, value);
CREATE INDEX ix_metrics_step_id ON metrics (step_id);
CREATE INDEX ix_step_inputs_artifact_id ON step_inputs (artifact_id);
CREATE INDEX ix_visualizations_artifact_id ON visualizations (artifact_id);
CREATE INDEX ix_curated_visualizations_project_id ON curated_visualizations (project_id);
CREATE INDEX ix_curated_visualizations_visualization_id ON curated_visualizations (visualization_id);
CREATE TRIGGER metrics_counted AFTER INSERT ON metrics BEGIN 
    INSERT INTO metric_counts (pipeline_id, experiment_id, name, runs)
    VALUES (NEW.pipeline_id, NEW.experiment_id, NEW.name, 1)
    ON CONFLICT (pipeline_id, experiment_id, name) DO UPDATE SET runs = metric_counts.runs + 1;
 END;
CREATE TRIGGER metrics_uncounted AFTER DELETE ON metrics BEGIN 
    UPDATE metric_counts SET runs = runs - 1
    WHERE pipeline_id = OLD.pipeline_id AND experiment_id = OLD.experiment_id AND name = OLD.name;
    DELETE FROM metric_counts
    WHERE pipeline_id = OLD.pipeline_id AND experiment_id = OLD.experiment_id AND name = OLD.name AND runs <= 0;
 END;
CREATE TRIGGER metrics_recounted AFTER UPDATE OF pipeline_id, experiment_id, name ON metrics BEGIN 
    UPDATE metric_counts SET runs = runs - 1
    WHERE pipeline_id = OLD.pipeline_id AND experiment_id = OLD.experiment_id AND name = OLD.name;
    DELETE FROM metric_counts
    WHERE pipeline_id = OLD.pipeline_id AND experiment_id = OLD.experiment_id AND name = OLD.name AND runs <= 0;
 
    INSERT INTO metric_counts (pipeline_id, experiment_id, name, runs)
    VALUES (NEW.pipeline_id, NEW.experiment_id, NEW.name, 1)
    ON CONFLICT (pipeline_id, experiment_id, name) DO UPDATE SET runs = metric_counts.runs + 1;
 END;
COMMIT;
